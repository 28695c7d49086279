namespace OmniTools.Waiting;

/// <summary>Limits the polls of one provider: how many run at once, and how soon one begins after another.</summary>
internal sealed class ProviderPollLimiter(TimeProvider timeProvider, int mostInFlight, TimeSpan spacing) : IDisposable
{
    private readonly object gate = new();
    private readonly SemaphoreSlim slots = new(mostInFlight);
    private readonly long began = timeProvider.GetTimestamp();
    private TimeSpan nextStart;
    private int entered;

    /// <summary>How many polls wait for another one to end.</summary>
    public int Blocked => slots.CurrentCount > 0 ? 0 : Math.Max(0, Volatile.Read(ref entered) - mostInFlight);

    // Monotonic: neither a corrected wall clock nor a laptop that slept can put a poll hours away.
    private TimeSpan Now => timeProvider.GetElapsedTime(began);

    /// <summary>Runs a poll as soon as one may begin.</summary>
    public async Task<T> RunAsync<T>(Func<Task<T>> poll, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref entered);
        try
        {
            await slots.WaitAsync(cancellationToken);
            try
            {
                while (TryTakeStart() is { } delay)
                    await Task.Delay(delay, timeProvider, cancellationToken);
                return await poll();
            }
            finally
            {
                slots.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref entered);
        }
    }

    /// <summary>Lets no poll begin for a time.</summary>
    public void Pause(TimeSpan duration)
    {
        lock (gate)
            nextStart = TimeSpan.FromTicks(Math.Max(nextStart.Ticks, (Now + duration).Ticks));
    }

    /// <inheritdoc/>
    public void Dispose() => slots.Dispose();

    // Null: a poll may begin now. Else how long to wait, in whole milliseconds: a timer counts no fractions.
    private TimeSpan? TryTakeStart()
    {
        lock (gate)
        {
            var now = Now;
            if (nextStart > now)
                return TimeSpan.FromMilliseconds(Math.Ceiling((nextStart - now).TotalMilliseconds));
            nextStart = now + spacing;
            return null;
        }
    }
}
