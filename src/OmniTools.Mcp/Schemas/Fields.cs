using OmniTools.Providers;

namespace OmniTools.Mcp.Schemas;

/// <summary>The arguments that several tools share.</summary>
internal static class Fields
{
    private const string ExampleId = "\"task_01KS1H7ZYSJWH1N779S2FSHTKA\"";

    public static Field TaskId => new("task_id", FieldKind.Text, "Task id, or the request_key while there is no id.")
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
        Choices = [.. Catalog.Providers.Select(spec => spec.Id)],
        Example = "\"toapis\"",
    };

    /// <summary>For the tools that look tasks up, where the ledger knows the provider of its own.</summary>
    public static Field TaskProvider => Provider("Only for tasks made elsewhere.");
}
