namespace OmniTools.Mcp.Protocol;

/// <summary>A cancellation that comes by itself: reads are tried again for minutes during an outage, and clients give up after 60 seconds.</summary>
internal sealed class CallTimeout : IDisposable
{
    /// <summary>What a call may take whose caller is not told of progress, with time left for the answer's way.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(40);

    private readonly CancellationTokenSource over;
    private readonly ITimer timer;

    public CallTimeout(TimeProvider timeProvider, TimeSpan limit, CancellationToken cancellationToken)
    {
        over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timer = timeProvider.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), over, limit > TimeSpan.Zero ? limit : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    public CancellationToken Token => over.Token;

    public void Dispose()
    {
        timer.Dispose();
        over.Dispose();
    }
}
