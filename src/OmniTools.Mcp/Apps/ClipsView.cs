using System.Text.Json.Nodes;
using ModelContextProtocol.Server;
using OmniTools.Gallery;
using OmniTools.Mcp.Protocol;

namespace OmniTools.Mcp.Apps;

/// <summary>
/// The view of clips in a conversation (MCP Apps, 2026-01-26): the gallery page as a resource, and the tools that show
/// it.
/// </summary>
internal static class ClipsView
{
    public const string Uri = "ui://omnitools/clips.html";
    public const string MimeType = "text/html;profile=mcp-app";
    public const string Extension = "io.modelcontextprotocol/ui";

    private static readonly string[] Tools = ["wait_video_task", "save_video", "list_video_tasks"];

    /// <summary>
    /// Whether the client shows views: it declares the extension and, if it lists MIME types, ours. Other clients never
    /// see any trace of them.
    /// </summary>
    public static bool IsShownBy(McpServer server, JsonRpcRequest request) =>
        ClientExtensions.Find(request, Extension, server.ClientCapabilities) is { } settings
        && (settings["mimeTypes"] is not JsonArray types
            || types.Any(type =>
                type is JsonValue value && value.TryGetValue<string>(out var text) && text == MimeType));

    /// <summary>The entry in the list of resources.</summary>
    public static Resource Resource => new()
    {
        Uri = Uri,
        Name = "clips",
        Title = "Clips",
        Description = "Shows clips in the conversation and plays the saved ones.",
        MimeType = MimeType,
        Meta = CreateMeta(),
    };

    /// <summary>The metadata that links a tool to the view; null for tools without it.</summary>
    public static JsonObject? CreateToolMeta(string tool) =>
        Tools.Contains(tool) ? new JsonObject { ["ui"] = new JsonObject { ["resourceUri"] = Uri } } : null;

    public static ReadResourceResult Read() =>
        new()
        {
            Contents =
            [
                new TextResourceContents
                {
                    Uri = Uri,
                    MimeType = MimeType,
                    Text = GalleryPage.ForChat(),
                    Meta = CreateMeta(),
                },
            ],
        };

    // No domain is allowed: the view loads nothing.
    private static JsonObject CreateMeta() =>
        new()
        {
            ["ui"] = new JsonObject { ["csp"] = new JsonObject(), ["prefersBorder"] = true },
        };
}
