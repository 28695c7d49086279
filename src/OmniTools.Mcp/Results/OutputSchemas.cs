using System.Text.Json;

namespace OmniTools.Mcp.Results;

/// <summary>
/// The output schemas of the tools. They are derived from the types of the results by a test, which writes the file
/// that is read here.
/// </summary>
internal static class OutputSchemas
{
    private static readonly Lazy<JsonElement> Schemas = new(() =>
    {
        using var file = typeof(OutputSchemas).Assembly.GetManifestResourceStream("OutputSchemas.json")!;
        using var document = JsonDocument.Parse(file);
        return document.RootElement.Clone();
    });

    public static JsonElement Get(string tool) => Schemas.Value.GetProperty(tool);
}
