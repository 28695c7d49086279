using ModelContextProtocol.Server;

namespace OmniTools.Mcp.Serving;

/// <summary>
/// Counts the messages that came in and those that are done with. A script may write its calls and close the input at once:
/// the answers that are a moment away still reach it, the long waits are cut.
/// </summary>
internal sealed class CallCounter
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);
    private const int MostSteps = 40;
    private int received;
    private int done;

    /// <summary>Counts the messages, one a line, that arrive with these bytes.</summary>
    public void Receive(ReadOnlySpan<byte> bytes) => Interlocked.Add(ref received, bytes.Count((byte)'\n'));

    public McpMessageHandler Count(McpMessageHandler next) => async (context, stop) =>
    {
        try
        {
            await next(context, stop);
        }
        finally
        {
            Interlocked.Increment(ref done);
        }
    };

    /// <summary>Waits until every message is done with, 0.8 s at most. The answer is sent a little after its message is done with.</summary>
    public async Task IdleAsync()
    {
        for (var step = 0; step < MostSteps && Volatile.Read(ref done) < Volatile.Read(ref received); step++)
            await Task.Delay(Step);
        await Task.Delay(Step);
    }
}
