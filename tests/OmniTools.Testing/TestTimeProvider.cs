using Microsoft.Extensions.Time.Testing;

namespace OmniTools.Testing;

/// <summary>
/// A <see cref="FakeTimeProvider"/> that knows its pending timers. It starts at <see cref="Noon"/> by
/// default. A wait (a delay) is distinguished from a timeout (the timer of a <see cref="CancellationTokenSource"/>):
/// only waits are counted and advanced automatically.
/// </summary>
public sealed class TestTimeProvider(DateTimeOffset? start = null) : FakeTimeProvider(start ?? Noon)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Lock guard = new();
    private readonly Lock moving = new();
    private readonly List<PendingTimer> timers = [];
    private readonly List<(int Count, TaskCompletionSource Signal)> watchers = [];

    /// <summary>When the tests happen.</summary>
    public static DateTimeOffset Noon { get; } = new(2026, 5, 20, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Moves the time on to the end of every wait as soon as it begins, so that nothing ever waits.</summary>
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

    /// <summary>Moves the time and fires each timer at its own time; an earlier target is ignored.</summary>
    public void AdvanceTo(DateTimeOffset target)
    {
        lock (moving)
        {
            while (NextDueAfter(GetUtcNow()) is { } next && next <= target)
                SetUtcNow(next);
            if (target >= GetUtcNow())
                SetUtcNow(target);
        }
    }

    /// <summary>Moves the time and fires each timer at its own time.</summary>
    public new void Advance(TimeSpan delta) => AdvanceTo(GetUtcNow() + delta);

    /// <summary>Completes when at least <paramref name="count"/> waits are pending.</summary>
    public Task WhenWaitingAsync(int count = 1)
    {
        lock (guard)
        {
            if (Waiting >= count)
                return Task.CompletedTask;
            var signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            watchers.Add((count, signal));
            return signal.Task.WaitAsync(Limit);
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new PendingTimer(this, callback, state);
        timer.Inner = base.CreateTimer(_ => timer.Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer.Change(dueTime, period);
        return timer;
    }

    private DateTimeOffset? NextDueAfter(DateTimeOffset time)
    {
        lock (guard)
            return timers.Where(timer => timer.Due > time).Min(timer => timer.Due);
    }

    private DateTimeOffset? Schedule(PendingTimer timer, TimeSpan dueTime)
    {
        lock (guard)
        {
            timers.Remove(timer);
            timer.Due = dueTime < TimeSpan.Zero ? null : GetUtcNow() + dueTime;
            if (timer.Due is not null)
                timers.Add(timer);
            var waiting = timers.Count(each => each.IsWait);
            foreach (var watcher in watchers.Where(watcher => watcher.Count <= waiting).ToList())
            {
                watchers.Remove(watcher);
                watcher.Signal.SetResult();
            }
            return timer.Due;
        }
    }

    // The time may have moved before the inner timer was set, which is then due later than was noted.
    private DateTimeOffset Postpone(PendingTimer timer, TimeSpan dueTime)
    {
        lock (guard)
        {
            var due = GetUtcNow() + dueTime;
            if (timers.Contains(timer))
                timer.Due = due;
            return due;
        }
    }

    private sealed class PendingTimer(TestTimeProvider owner, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan period;

        public ITimer Inner { get; set; } = null!;

        /// <summary>When it fires next; null: never. Guarded by the owner.</summary>
        public DateTimeOffset? Due { get; set; }

        // The timer of a wait that is over is disposed a moment after its caller went on.
        public bool IsWait => state is not (CancellationTokenSource or Task { IsCompleted: true });

        public void Fire()
        {
            owner.Schedule(this, period > TimeSpan.Zero ? period : Timeout.InfiniteTimeSpan);
            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            this.period = period;
            var due = owner.Schedule(this, dueTime);
            // A timer that is due fires on another thread, as the system's does: its caller may hold a lock.
            if (dueTime == TimeSpan.Zero)
                return ThreadPool.QueueUserWorkItem(_ => Inner.Change(dueTime, period));
            var isChanged = Inner.Change(dueTime, period);
            if (due is not null)
                due = owner.Postpone(this, dueTime);
            if (owner.AutoAdvance && IsWait && due is { } end)
                ThreadPool.QueueUserWorkItem(_ => owner.AdvanceTo(end));
            return isChanged;
        }

        public void Dispose()
        {
            owner.Schedule(this, Timeout.InfiniteTimeSpan);
            Inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
