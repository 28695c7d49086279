using OmniTools.Catalog;

namespace OmniTools.Mcp.Protocol.Parameters;

/// <summary>The arguments that several tools share.</summary>
internal static class CommonParameters
{
    // No provider issues such an id, so a copied example never names somebody's task.
    private const string ExampleId = "TASK_ID";

    public static ToolParameter TaskId =>
        ToolParameter.String("task_id", "Task id, or the request_key.", 512, ExampleId) with { IsRequired = true };

    public static ToolParameter TaskIds => new("task_ids", ParameterType.StringArray, "Task ids or request keys.")
    {
        IsRequired = true,
        Minimum = 1,
        Maximum = 50,
        Example = $"[\"{ExampleId}\"]",
    };

    public static ToolParameter Provider(string description) => new("provider", ParameterType.String, description)
    {
        Choices = [.. ModelCatalog.Providers.Select(spec => spec.Id)],
        Example = "\"toapis\"",
    };

    /// <summary>For tools that look up tasks; the ledger already knows the provider of its own tasks.</summary>
    public static ToolParameter TaskProvider => Provider("Only for tasks made elsewhere.");
}
