using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Server;
using OmniTools.Mcp.Protocol.Parameters;
using OmniTools.Mcp.Session;

namespace OmniTools.Mcp.Protocol;

/// <summary>One call of a tool.</summary>
/// <param name="Tool">The tool.</param>
/// <param name="Arguments">The validated arguments.</param>
/// <param name="Session">The state that the tools share.</param>
/// <param name="Server">The connection to the client.</param>
/// <param name="ProgressToken">The token for progress notifications; null if the caller wants none.</param>
/// <param name="AcceptsTask">Whether the caller accepts a task of the tasks extension as the result.</param>
/// <param name="RawArguments">The arguments as the caller sent them.</param>
internal sealed record ToolCall(
    OmniTool Tool,
    ToolArguments Arguments,
    ServerSession Session,
    McpServer Server,
    ProgressToken? ProgressToken,
    bool AcceptsTask,
    IDictionary<string, JsonElement> RawArguments)
{
    /// <summary>
    /// How long a call without progress may take: 40 seconds. Many clients give up after 60 seconds, and reads are
    /// retried for minutes during an outage.
    /// </summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(40);

    public OmniClient Client => Session.Client;

    /// <summary>The parameter <c>name</c> of a request; null if it has none.</summary>
    public static string? ReadName(JsonRpcRequest request) => (request.Params as JsonObject)?["name"]?.ToString();

    /// <summary>Sends a progress notification if the caller asked for them.</summary>
    public async Task ReportAsync(float percent, string message, CancellationToken cancellationToken)
    {
        if (ProgressToken is not { } token)
            return;
        cancellationToken.ThrowIfCancellationRequested();
        var progress = new ProgressNotificationValue { Progress = percent, Total = 100, Message = message };
        // Not cancelled: a line that is cut off halfway would corrupt the next message.
        await Server.NotifyProgressAsync(token, progress, cancellationToken: CancellationToken.None);
    }
}
