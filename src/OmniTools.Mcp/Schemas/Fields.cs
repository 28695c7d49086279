using OmniTools.Catalog;

namespace OmniTools.Mcp.Schemas;

/// <summary>The arguments that several tools share.</summary>
internal static class Fields
{
    // Not an id that a provider could have: a call with it asks for nobody's task.
    private const string ExampleId = "\"TASK_ID\"";

    public static Field TaskId => new("task_id", FieldKind.Text, "Task id, or the request_key.")
    {
        IsRequired = true,
        Least = 1,
        Most = 512,
        Example = ExampleId,
    };

    public static Field TaskIds => new("task_ids", FieldKind.Texts, "Task ids or request keys.")
    {
        IsRequired = true,
        Least = 1,
        Most = 50,
        Example = $"[{ExampleId}]",
    };

    public static Field Provider(string description) => new("provider", FieldKind.Text, description)
    {
        Choices = [.. ModelCatalog.Providers.Select(spec => spec.Id)],
        Example = "\"toapis\"",
    };

    /// <summary>For the tools that look tasks up, where the ledger knows the provider of its own.</summary>
    public static Field TaskProvider => Provider("Only for tasks made elsewhere.");
}
