using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace OmniTools.Mcp.Apps;

/// <summary>Whether the client shows MCP Apps views. Other clients never see any trace of them.</summary>
internal static class AppExtensionSupport
{
    /// <summary>The extension's name in the capabilities of a client.</summary>
    public const string Extension = "io.modelcontextprotocol/ui";

    private const string CapabilitiesKey = "io.modelcontextprotocol/clientCapabilities";

    /// <summary>
    /// Whether the client declared the extension in its handshake or, in the stateless protocol, in this request.
    /// </summary>
    public static bool IsDeclared(McpServer server, JsonRpcRequest request) =>
        TakesView(server.ClientCapabilities)
        || TakesView(request.Context?.ClientCapabilities)
        || Parse(
            (((request.Params as JsonObject)?["_meta"] as JsonObject)?[CapabilitiesKey] as JsonObject)?["extensions"]
                as JsonObject);

    private static bool TakesView(ClientCapabilities? capabilities) =>
        capabilities?.Extensions?.TryGetValue(Extension, out var settings) == true && TakesHtml(ToNode(settings));

    private static bool Parse(JsonObject? extensions) =>
        extensions?.TryGetPropertyValue(Extension, out var settings) == true && TakesHtml(settings);

    // A client that lists the MIME types it shows must list ours.
    private static bool TakesHtml(JsonNode? settings) =>
        (settings as JsonObject)?["mimeTypes"] is not JsonArray types
        || types.Any(type =>
            type is JsonValue value && value.TryGetValue<string>(out var text) && text == ClipsView.MimeType);

    private static JsonNode? ToNode(object? settings) => settings switch
    {
        JsonNode node => node,
        JsonElement { ValueKind: JsonValueKind.Object } element => JsonObject.Create(element),
        _ => null,
    };
}
