using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using OmniTools.Mcp.Protocol.Parameters;
using OmniTools.Mcp.Session;

namespace OmniTools.Mcp.Protocol;

/// <summary>One call of a tool.</summary>
/// <param name="Arguments">Its arguments, checked.</param>
/// <param name="Session">What the tools share.</param>
/// <param name="Server">The way to the client.</param>
/// <param name="ProgressToken">Given by a caller that wants to be told of progress.</param>
/// <param name="AcceptsTask">Whether the caller takes a task of the extension for an answer.</param>
/// <param name="RawArguments">Its arguments as they came.</param>
internal sealed record ToolCall(
    ToolArguments Arguments, ServerSession Session, McpServer Server, ProgressToken? ProgressToken, bool AcceptsTask,
        IDictionary<string, JsonElement>? RawArguments)
{
    public OmniClient Client => Session.Client;

    /// <summary>The name that a request gives, of a tool or another thing; null where it gives none.</summary>
    public static string? ReadName(JsonRpcRequest request) => (request.Params as JsonObject)?["name"]?.ToString();

    /// <summary>Tells the caller how far the call is; nothing when the caller did not ask.</summary>
    public async Task ReportAsync(float percent, string message, CancellationToken cancellationToken)
    {
        if (ProgressToken is not { } token)
            return;
        cancellationToken.ThrowIfCancellationRequested();
        // Once begun it is sent to its end: a line cut off by a cancellation would take the next message with it.
        await Server.NotifyProgressAsync(token, new ProgressNotificationValue { Progress = percent, Total = 100, Message = message }, cancellationToken: CancellationToken.None);
    }
}
