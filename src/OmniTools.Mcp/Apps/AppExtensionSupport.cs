using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using OmniTools.Mcp.Protocol;

namespace OmniTools.Mcp.Apps;

/// <summary>Whether the client shows MCP Apps views. Other clients never see any trace of them.</summary>
internal static class AppExtensionSupport
{
    /// <summary>The extension's name in the capabilities of a client.</summary>
    public const string Extension = "io.modelcontextprotocol/ui";

    public static bool IsDeclared(McpServer server, JsonRpcRequest request) =>
        ClientExtensions.Find(request, Extension, server.ClientCapabilities) is { } settings && TakesHtml(settings);

    // A client that lists the MIME types it shows must list ours.
    private static bool TakesHtml(JsonObject settings) =>
        settings["mimeTypes"] is not JsonArray types
        || types.Any(type =>
            type is JsonValue value && value.TryGetValue<string>(out var text) && text == ClipsView.MimeType);
}
