using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using OmniTools.Mcp.Schemas;

namespace OmniTools.Mcp.Serving;

/// <summary>One call of a tool, its arguments checked.</summary>
internal sealed record ToolCall(ToolArguments Arguments, Session Session, McpServer Server, ProgressToken? ProgressToken)
{
    public OmniClient Client => Session.Client;

    /// <summary>Tells the caller how far the call is; nothing when the caller did not ask.</summary>
    public Task ReportAsync(float percent, string message, CancellationToken stop) =>
        ProgressToken is { } token
            ? Server.NotifyProgressAsync(token, new ProgressNotificationValue { Progress = percent, Total = 100, Message = message }, cancellationToken: stop)
            : Task.CompletedTask;
}
