namespace OmniTools.Testing;

/// <summary>A timer of a <see cref="ManualClock"/>, which owns its times.</summary>
internal sealed class ManualTimer(ManualClock clock, TimerCallback callback, object? state) : ITimer
{
    private volatile bool disposed;

    /// <summary>When it fires next; null: never. Guarded by the clock.</summary>
    public DateTimeOffset? Due { get; set; }

    public TimeSpan Period { get; set; } = Timeout.InfiniteTimeSpan;

    /// <summary>
    /// A timeout is nothing that anybody waits for; nor is a wait that is over, whose timer goes a moment after its
    /// caller went on.
    /// </summary>
    public bool IsWait => state is not (CancellationTokenSource or Task { IsCompleted: true });

    public void Fire()
    {
        if (!disposed)
            callback(state);
    }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (disposed)
            return false;
        clock.Change(this, dueTime, period);
        return true;
    }

    public void Dispose()
    {
        disposed = true;
        clock.Remove(this);
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
