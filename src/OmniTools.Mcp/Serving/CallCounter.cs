using ModelContextProtocol.Server;

namespace OmniTools.Mcp.Serving;

/// <summary>
/// Counts the messages being answered. A script may write its calls and close the input at once: the answers that are a
/// moment away still reach it, the long waits are cut.
/// </summary>
internal sealed class CallCounter
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);
    private const int MostSteps = 12;
    private int open;

    public McpMessageHandler Count(McpMessageHandler next) => async (context, stop) =>
    {
        Interlocked.Increment(ref open);
        try
        {
            await next(context, stop);
        }
        finally
        {
            Interlocked.Decrement(ref open);
        }
    };

    /// <summary>Waits until nothing was being answered for two looks in a row, 0.6 s at most.</summary>
    public async Task IdleAsync()
    {
        for (int step = 0, idle = 0; step < MostSteps && idle < 2; step++)
        {
            await Task.Delay(Step);
            idle = Volatile.Read(ref open) == 0 ? idle + 1 : 0;
        }
    }
}
