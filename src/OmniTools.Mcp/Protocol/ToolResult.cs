using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace OmniTools.Mcp.Protocol;

/// <summary>The result of a tool: structured for programs, and a short text for readers.</summary>
internal static class ToolResult
{
    public static CallToolResult Create<T>(
        T structured, JsonTypeInfo<T> type, string text, params IEnumerable<ContentBlock> more) =>
        new()
        {
            StructuredContent = JsonSerializer.SerializeToElement(structured, type),
            Content = [new TextContentBlock { Text = text }, .. more],
        };
}
