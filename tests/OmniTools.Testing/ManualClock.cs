namespace OmniTools.Testing;

/// <summary>
/// A clock that tests move by hand. Timers fire in the order they are due. A wait (a delay) is told from a timeout (the
/// timer of a <see cref="CancellationTokenSource"/>): only waits are counted and advanced automatically.
/// </summary>
public sealed class ManualClock(DateTimeOffset? start = null) : TimeProvider
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock guard = new();
    private readonly List<ManualTimer> timers = [];
    private readonly List<(int Count, TaskCompletionSource Signal)> watchers = [];
    private DateTimeOffset now = start ?? new(2026, 5, 20, 3, 23, 27, TimeSpan.Zero);

    /// <summary>Moves the clock on to every wait as soon as it begins, so that nothing ever waits.</summary>
    public bool AutoAdvance { get; init; }

    /// <summary>How many waits are pending.</summary>
    public int Waiting
    {
        get
        {
            lock (guard)
                return timers.Count(timer => timer.IsWait);
        }
    }

    /// <summary>When the next timer fires; null: none is set.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            lock (guard)
                return timers.Min(timer => timer.Due);
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (guard)
            return now;
    }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    /// <summary>Moves the clock and fires what becomes due, each timer at its own time.</summary>
    public void Advance(TimeSpan by) => AdvanceTo(GetUtcNow() + by);

    /// <summary>Moves the clock to a time; an earlier one than it shows is ignored.</summary>
    public void AdvanceTo(DateTimeOffset target)
    {
        while (true)
        {
            ManualTimer? next;
            lock (guard)
            {
                next = timers.Where(timer => timer.Due <= target).MinBy(timer => timer.Due);
                var reached = next?.Due ?? target;
                now = reached > now ? reached : now;
                if (next is not null)
                    Schedule(next, next.Period > TimeSpan.Zero ? next.Period : Timeout.InfiniteTimeSpan);
            }
            if (next is null)
                return;
            next.Fire();
        }
    }

    /// <summary>Completes when at least <paramref name="count"/> waits are pending.</summary>
    public Task WhenWaitingAsync(int count = 1)
    {
        lock (guard)
        {
            if (timers.Count(timer => timer.IsWait) >= count)
                return Task.CompletedTask;
            var signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            watchers.Add((count, signal));
            return signal.Task.WaitAsync(Patience);
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    internal void Change(ManualTimer timer, TimeSpan due, TimeSpan period)
    {
        DateTimeOffset? target;
        lock (guard)
        {
            timer.Period = period;
            Schedule(timer, due);
            target = timer.Due;
            var waiting = timers.Count(each => each.IsWait);
            foreach (var watcher in watchers.Where(watcher => watcher.Count <= waiting).ToList())
            {
                watchers.Remove(watcher);
                watcher.Signal.SetResult();
            }
        }
        if (target is { } at && timer.IsWait && (AutoAdvance || due <= TimeSpan.Zero))
            ThreadPool.QueueUserWorkItem(_ => AdvanceTo(at));
    }

    internal void Remove(ManualTimer timer)
    {
        lock (guard)
            Schedule(timer, Timeout.InfiniteTimeSpan);
    }

    private void Schedule(ManualTimer timer, TimeSpan due)
    {
        timers.Remove(timer);
        timer.Due = due < TimeSpan.Zero ? null : now + due;
        if (timer.Due is not null)
            timers.Add(timer);
    }
}
