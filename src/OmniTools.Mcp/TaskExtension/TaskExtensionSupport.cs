using System.Text.Json.Nodes;
using ModelContextProtocol;
using OmniTools.Mcp.Protocol;

namespace OmniTools.Mcp.TaskExtension;

/// <summary>
/// Whether a request may be answered with a task: only if the client declares the extension in that request.
/// </summary>
internal static class TaskExtensionSupport
{
    /// <summary>The extension's name in the capabilities of both sides.</summary>
    public const string Extension = "io.modelcontextprotocol/tasks";

    /// <summary>The first protocol revision with the extension. Revisions are dates, so they compare as text.</summary>
    private const string FirstRevision = "2026-07-28";

    /// <summary>The extension has no settings; an empty object declares it.</summary>
    public static IDictionary<string, object> CreateCapability() =>
        new Dictionary<string, object> { [Extension] = new JsonObject() };

    public static bool IsDeclared(JsonRpcRequest request) => SupportsTasks(request) && HasCapability(request);

    /// <summary>Throws if the client cannot have received any tasks.</summary>
    public static void Require(JsonRpcRequest request)
    {
        if (!SupportsTasks(request))
            throw new McpProtocolException(
                $"{request.Method} needs protocol revision {FirstRevision} or later. Without it: get_video_task with "
                + "task_id = the request_key.",
                McpErrorCode.MethodNotFound);
        if (!HasCapability(request))
            throw new MissingRequiredClientCapabilityException(
                new ClientCapabilities { Extensions = CreateCapability() },
                $"{request.Method} needs the client to declare the extension {Extension}.");
    }

    private static bool SupportsTasks(JsonRpcRequest request) =>
        string.CompareOrdinal(request.Context?.ProtocolVersion, FirstRevision) >= 0;

    private static bool HasCapability(JsonRpcRequest request) => ClientExtensions.Find(request, Extension) is not null;
}
