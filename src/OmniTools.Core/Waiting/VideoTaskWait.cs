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
    private readonly WaitOptions options;
    private readonly CompletionLookup lookup;
    private readonly ITimer? timeout;

    // By key, as last seen; null once the end was reported, so that a task added again is not followed again.
    private readonly Dictionary<string, VideoTask?> tasks = [];

    // Unbounded, so that a slow reader delays no poll: a task has a few changes. Written under the lock. Null wakes the
    // reader, which then looks whether the wait has ended.
    private readonly Channel<VideoTaskChange?> changes = Channel.CreateUnbounded<VideoTaskChange?>();
    private int open;
    private int asked;
    private bool isComplete;
    private bool isEnough;
    private bool hasEnded;
    private bool timedOut;

    internal VideoTaskWait(PollScheduler scheduler, WaitOptions options, TimeProvider timeProvider,
        FindEndedVideoTasks findEnded)
    {
        (this.scheduler, this.options, lookup) = (scheduler, options, new(findEnded, Begin));
        scheduler.Join(this);
        if (options.Timeout is { } limit)
            timeout = timeProvider.CreateTimer(_ => End(timedOut: true), null,
                limit < TimeSpan.Zero ? TimeSpan.Zero : limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Every task whose end was not reported yet, as last seen.</summary>
    public IReadOnlyList<VideoTask> Open
    {
        get
        {
            lock (gate)
                return tasks.Values.OfType<VideoTask>().ToArray();
        }
    }

    /// <summary>Whether the timeout ended the wait before all its tasks had ended.</summary>
    public bool TimedOut
    {
        get
        {
            lock (gate)
                return timedOut && !isEnough && !(isComplete && open == 0);
        }
    }

    /// <summary>Whether it is being looked up which of the added tasks have ended already.</summary>
    internal bool IsLookingUp
    {
        get
        {
            lock (gate)
                return asked > 0;
        }
    }

    /// <summary>
    /// Adds a task; one that was added before is followed once. One that has ended already is reported without a poll,
    /// even after the timeout. After the end of the wait any other task only joins <see cref="Open"/>.
    /// </summary>
    public void Add(VideoTask task)
    {
        var key = FollowedVideoTask.GetKey(task);
        var isFinal = task.Status.IsTerminal();
        lock (gate)
        {
            if (!tasks.TryAdd(key, task))
                return;
            open++;
            asked += isFinal ? 0 : 1;
        }
        if (isFinal)
            Report(key, new(task), isKnown: true);
        else
            lookup.Enqueue(new(key, task, ExecutionContext.Capture()));
    }

    /// <summary>Says that no more tasks come: the wait ends when all have.</summary>
    public void CompleteAdding()
    {
        lock (gate)
        {
            isComplete = true;
            if (open > 0)
                return;
        }
        End(timedOut: false);
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
            cancellationToken.UnsafeRegister(wait => ((VideoTaskWait)wait!).End(timedOut: false), this);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            lock (gate)
            {
                if (changes.Reader.Count == 0 && hasEnded && asked == 0)
                    yield break;
            }
            await changes.Reader.WaitToReadAsync(CancellationToken.None);
            if (changes.Reader.TryRead(out var change) && change is not null)
                yield return change;
        }
    }

    /// <summary>Ends the wait. Changes already seen can still be read.</summary>
    public ValueTask DisposeAsync()
    {
        End(timedOut: false);
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Passes on changes. An end that is known without a poll is reported after the timeout too.
    /// </summary>
    internal void Report(string key, VideoTaskChange change, bool isKnown = false)
    {
        lock (gate)
        {
            if (tasks.GetValueOrDefault(key) is not { } before)
                return;
            var isReported = !hasEnded || (isKnown && timedOut && !isEnough);
            if (isReported || isKnown)
                tasks[key] = isReported && change.IsLast ? null : change.Task;
            if (!isReported)
                return;
            if (change.IsLast || IsChanged(before, change.Task))
                changes.Writer.TryWrite(change);
            if (!change.IsLast)
                return;
            open--;
            // A task that cannot be followed has not ended: another one may still end.
            isEnough |= options.Any && change.Failure is null;
            if (hasEnded || !(isEnough || (isComplete && open == 0)))
                return;
            // Under the same lock: where any is enough, no second end is reported.
            hasEnded = true;
        }
        Release();
    }

    private static bool IsChanged(VideoTask before, VideoTask now) =>
        (before.Id, before.Status, before.RawStatus, before.Progress) != (now.Id, now.Status, now.RawStatus,
        now.Progress);

    // Takes the result of the lookup: the task has ended, or is followed from now on.
    private void Begin(AddedVideoTask added, VideoTask? end)
    {
        if (end is not null)
            Report(added.Key, new(end), isKnown: true);
        else if (!HasEnded())
            scheduler.Follow(added, this);
        // The wait may have ended, and left its tasks, during the lookup.
        if (HasEnded())
            scheduler.Unfollow([added.Key], this);
        lock (gate)
        {
            asked--;
            changes.Writer.TryWrite(null);
        }
    }

    private bool HasEnded()
    {
        lock (gate)
            return hasEnded;
    }

    private void End(bool timedOut)
    {
        lock (gate)
        {
            if (hasEnded)
                return;
            hasEnded = true;
            this.timedOut = timedOut;
        }
        Release();
    }

    private void Release()
    {
        string[] left;
        lock (gate)
            left = tasks.Where(task => task.Value is not null).Select(task => task.Key).ToArray();
        timeout?.Dispose();
        scheduler.Leave(left, this);
        changes.Writer.TryWrite(null);
    }
}
