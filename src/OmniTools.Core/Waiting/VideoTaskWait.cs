using System.Runtime.CompilerServices;
using System.Threading.Channels;
using OmniTools.VideoTasks;

namespace OmniTools.Waiting;

/// <summary>
/// A wait for many tasks, which may be added while it runs. Disposing it ends the wait and nothing else: no task is
/// ever cancelled by it. Safe for use from several threads.
/// </summary>
public sealed class VideoTaskWait : IAsyncDisposable
{
    private readonly object gate = new();
    private readonly PollScheduler scheduler;
    private readonly CompletionLookup lookup;
    private readonly bool isOneEnough;
    private readonly CancellationTokenSource timeout;
    private readonly CancellationTokenRegistration disposal;

    // By key, as last seen; null once the end was reported, so that a task added again is not followed again.
    private readonly Dictionary<string, VideoTask?> tasks = [];

    // Unbounded, so that a slow reader delays no poll. Null wakes the reader, which then looks whether the wait has
    // ended.
    private readonly Channel<VideoTaskChange?> changes = Channel.CreateUnbounded<VideoTaskChange?>();
    private State state;
    private int open;
    private int lookups;
    private bool isAddingComplete;

    internal VideoTaskWait(
        PollScheduler scheduler, CompletionLookup lookup, WaitOptions options, TimeProvider timeProvider)
    {
        ObjectDisposedException.ThrowIf(scheduler.Disposal.IsCancellationRequested, scheduler);
        (this.scheduler, this.lookup, isOneEnough) = (scheduler, lookup, options.Any);
        var limit = options.Timeout ?? Timeout.InfiniteTimeSpan;
        timeout = new(options.Timeout < TimeSpan.Zero ? TimeSpan.Zero : limit, timeProvider);
        timeout.Token.UnsafeRegister(wait => ((VideoTaskWait)wait!).End(State.TimedOut), this);
        disposal = scheduler.Disposal.UnsafeRegister(wait => ((VideoTaskWait)wait!).End(State.Ended), this);
        // A timeout of zero has ended it before it was registered.
        if (HasEnded)
            disposal.Unregister();
    }

    // After the timeout no task is polled, but a task that is added and has ended is still reported.
    private enum State { Running, TimedOut, Ended }

    /// <summary>Every task whose end was not reported yet, as last seen.</summary>
    public IReadOnlyList<VideoTask> Open { get { lock (gate) return [.. tasks.Values.OfType<VideoTask>()]; } }

    /// <summary>Whether the timeout ended the wait before all its tasks had ended.</summary>
    public bool TimedOut
    {
        get
        {
            lock (gate)
                return state == State.TimedOut && !(isAddingComplete && open == 0);
        }
    }

    /// <summary>Whether tasks are followed no longer.</summary>
    internal bool HasEnded { get { lock (gate) return state != State.Running; } }

    /// <summary>Whether it is being looked up which of the added tasks have ended already.</summary>
    internal bool IsLookingUp { get { lock (gate) return lookups > 0; } }

    /// <summary>
    /// Adds a task; one that was added before is followed once. One that has ended already is reported without a poll,
    /// even after the timeout. After the end of the wait any other task only joins <see cref="Open"/>.
    /// </summary>
    public void Add(VideoTask task)
    {
        // The request key is the same in all snapshots of a task, which has it before its id.
        var key = task.Provider + "\n" + (task.RequestKey.Length > 0 ? task.RequestKey : task.Id);
        lock (gate)
        {
            if (!tasks.TryAdd(key, task))
                return;
            open++;
            lookups++;
        }
        _ = BeginAsync(key, task);
    }

    /// <summary>Says that no more tasks come: the wait ends when all have.</summary>
    public void CompleteAdding()
    {
        lock (gate)
        {
            isAddingComplete = true;
            if (open > 0)
                return;
        }
        End(State.Ended);
    }

    /// <summary>
    /// Every change of every task, each end exactly once; ends when all tasks have, at the timeout, or after the first
    /// end where any is enough. Cancelling ends the wait. Changes that were not read yet, and tasks that are added
    /// after the timeout and have ended, can be read by calling it again.
    /// </summary>
    public async IAsyncEnumerable<VideoTaskChange> ReadAllAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // Cancelling ends the wait, which wakes the reader. A token for the reader alone would end only this
        // enumeration.
        using var cancelled =
            cancellationToken.UnsafeRegister(wait => ((VideoTaskWait)wait!).End(State.Ended), this);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            lock (gate)
            {
                if (changes.Reader.Count == 0 && state != State.Running && lookups == 0)
                    yield break;
            }
            // Several readers may wait, and one null wakes them all.
            await changes.Reader.WaitToReadAsync(CancellationToken.None);
            if (changes.Reader.TryRead(out var change) && change is not null)
                yield return change;
        }
    }

    /// <summary>Ends the wait. Changes already seen can still be read.</summary>
    public ValueTask DisposeAsync()
    {
        End(State.Ended);
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Passes a change on to the reader. After the timeout only tasks that had ended when they were added are reported:
    /// the others stay in <see cref="Open"/>.
    /// </summary>
    internal void Report(string key, VideoTaskChange change, bool hadEnded = false)
    {
        lock (gate)
        {
            if (state == State.Ended || (state == State.TimedOut && !hadEnded)
                || tasks.GetValueOrDefault(key) is not { } before)
                return;
            var now = change.Task;
            tasks[key] = change.IsLast ? null : now;
            if (change.IsLast || (before.Id, before.Status, before.RawStatus, before.Progress)
                != (now.Id, now.Status, now.RawStatus, now.Progress))
                changes.Writer.TryWrite(change);
            if (!change.IsLast)
                return;
            open--;
            // A task that cannot be followed has not ended: another one may still end.
            var isEnough = isOneEnough && change.Failure is null;
            if (!isEnough && !(isAddingComplete && open == 0 && state == State.Running))
                return;
            state = State.Ended;
        }
        Leave();
    }

    // Reports a task that has ended already; follows any other.
    private async Task BeginAsync(string key, VideoTask task)
    {
        if ((task.Status.IsTerminal() ? task : await lookup.FindAsync(task)) is { } ended)
            Report(key, new(ended), hadEnded: true);
        else
            scheduler.Follow(key, task, this);
        lock (gate)
            lookups--;
        changes.Writer.TryWrite(null);
    }

    private void End(State end)
    {
        lock (gate)
        {
            if (state != State.Running)
                return;
            state = end;
        }
        Leave();
    }

    private void Leave()
    {
        string[] left;
        lock (gate)
            left = [.. tasks.Where(task => task.Value is not null).Select(task => task.Key)];
        disposal.Unregister();
        timeout.Dispose();
        scheduler.Leave(left, this);
        changes.Writer.TryWrite(null);
    }
}
