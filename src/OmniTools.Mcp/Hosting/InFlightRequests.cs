using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using OmniTools.Mcp.Protocol;
using OmniTools.Mcp.Tools;

namespace OmniTools.Mcp.Hosting;

/// <summary>
/// Counts the messages that came in and are not done with. A script may write its calls and close the input at once: the answers
/// that are on their way still reach it, the long waits are cut.
/// </summary>
internal sealed class InFlightRequests(TimeProvider timeProvider)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    private readonly Lock gate = new();
    private int open;
    private int calls;
    private int waits;

    /// <summary>Counts the messages, one a line, that arrive with these bytes.</summary>
    public void Receive(ReadOnlySpan<byte> bytes) => Add(ref open, bytes.Count((byte)'\n'));

    public McpMessageHandler Count(McpMessageHandler next) => (context, cancellationToken) => CountAsync(context.JsonRpcMessage, () => next(context, cancellationToken));

    /// <summary>Counts a message that was received, for as long as it is worked on.</summary>
    public async Task CountAsync(JsonRpcMessage message, Func<Task> work)
    {
        var tool = message is JsonRpcRequest { Method: RequestMethods.ToolsCall } call ? ToolCall.ReadName(call) : null;
        Begin(1);
        try
        {
            await work();
        }
        finally
        {
            Begin(-1);
            Add(ref open, -1);
        }

        void Begin(int number)
        {
            if (tool == WaitVideoTaskTool.ToolName)
                Add(ref waits, number);
            else if (tool is not null)
                Add(ref calls, number);
        }
    }

    /// <summary>
    /// Waits until every message is done with. Not for long: 0.3 s at most for waits, 0.8 s for other calls of tools, which may have
    /// a provider to ask, and 1.4 s for what is answered at once where the machine has time. An answer is sent a little after its
    /// message is done with.
    /// </summary>
    public async Task IdleAsync()
    {
        for (var waited = TimeSpan.Zero; IsWorth(waited); waited += Step)
            await Task.Delay(Step, timeProvider);
        await Task.Delay(Step, timeProvider);
    }

    private bool IsWorth(TimeSpan waited)
    {
        lock (gate)
        {
            return waited.TotalSeconds switch
            {
                < 0.3 => open > 0,
                < 0.8 => open > waits,
                < 1.4 => open > waits + calls,
                _ => false,
            };
        }
    }

    private void Add(ref int count, int number)
    {
        lock (gate)
            count += number;
    }
}
