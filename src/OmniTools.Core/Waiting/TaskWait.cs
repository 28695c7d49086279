using System.Runtime.CompilerServices;
using System.Threading.Channels;
using OmniTools.Errors;
using OmniTools.Tasks;

namespace OmniTools.Waiting;

/// <summary>
/// A wait for many tasks, which may be added while it runs. Disposing it ends the wait and nothing else: no task is ever
/// cancelled by it. Safe for use from several threads.
/// </summary>
public sealed class TaskWait : IAsyncDisposable
{
    private readonly object gate = new();
    private readonly PollScheduler scheduler;
    private readonly WaitOptions options;
    private readonly Func<VideoTask, VideoTask?> known;
    private readonly ITimer? timeout;

    // By key, as last seen; null once the end was reported, so that a task added again is not followed again.
    private readonly Dictionary<string, VideoTask?> tasks = [];

    // Unbounded: a slow reader holds up no poll. It holds changes only, a few per task.
    private readonly Channel<TaskChange> changes = Channel.CreateUnbounded<TaskChange>();
    private int open;
    private bool isComplete;
    private bool hasEnded;

    internal TaskWait(PollScheduler scheduler, WaitOptions options, TimeProvider time, Func<VideoTask, VideoTask?> known)
    {
        (this.scheduler, this.options, this.known) = (scheduler, options, known);
        scheduler.Join(this);
        if (options.Timeout is { } limit)
            timeout = time.CreateTimer(_ => End(timedOut: true), null, limit < TimeSpan.Zero ? TimeSpan.Zero : limit, Timeout.InfiniteTimeSpan);
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

    /// <summary>Whether the timeout ended the wait.</summary>
    public bool TimedOut { get; private set; }

    /// <summary>Adds a task; one that was added before is followed once. One that has ended already is reported at once, without a poll. After the end of the wait it only joins <see cref="Open"/>.</summary>
    public void Add(VideoTask task)
    {
        var key = FollowedTask.KeyOf(task);
        lock (gate)
        {
            if (!tasks.TryAdd(key, task))
                return;
            open++;
            if (hasEnded)
                return;
        }
        if ((task.Status.IsFinal() ? task : LastKnown(task)) is { } end)
        {
            Report(key, new(end));
            return;
        }
        scheduler.Follow(key, task, this);
        // The wait may have ended, and let go of its tasks, while this one was on its way.
        if (HasEnded())
            scheduler.Unfollow([key], this);
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

    /// <summary>Every change of every task, each end exactly once; ends when all tasks have, at the timeout, or after the first end where any is enough. Cancelling ends the wait.</summary>
    public async IAsyncEnumerable<TaskChange> ReadAllAsync([EnumeratorCancellation] CancellationToken stop = default)
    {
        using var cancelled = stop.UnsafeRegister(wait => ((TaskWait)wait!).End(timedOut: false), this);
        // Without the token: whichever of two registrations ran first would decide whether the wait ends or only this enumeration.
        await foreach (var change in changes.Reader.ReadAllAsync(CancellationToken.None))
        {
            stop.ThrowIfCancellationRequested();
            yield return change;
        }
        stop.ThrowIfCancellationRequested();
    }

    /// <summary>Ends the wait. Changes already seen can still be read.</summary>
    public ValueTask DisposeAsync()
    {
        End(timedOut: false);
        return ValueTask.CompletedTask;
    }

    /// <summary>Passes on what is new in this wait.</summary>
    internal void Report(string key, TaskChange change)
    {
        lock (gate)
        {
            if (hasEnded || tasks.GetValueOrDefault(key) is not { } before)
                return;
            tasks[key] = change.IsLast ? null : change.Task;
            if (change.IsLast || IsNews(before, change.Task))
                changes.Writer.TryWrite(change);
            if (!change.IsLast)
                return;
            open--;
            // A failure to follow is no end of the task: any other may still end.
            if (!(isComplete && open == 0) && !(options.Any && change.Failure is null))
                return;
            // In the same breath: where any is enough, no second end is reported.
            hasEnded = true;
        }
        LetGo();
    }

    private static bool IsNews(VideoTask before, VideoTask now) =>
        (before.Id, before.Status, before.RawStatus, before.Progress) != (now.Id, now.Status, now.RawStatus, now.Progress);

    private VideoTask? LastKnown(VideoTask task)
    {
        try
        {
            return known(task) is { } seen && seen.Status.IsFinal() ? seen : null;
        }
        catch (OmniException)
        {
            // The poll meets the same trouble and reports it as this task's.
            return null;
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
            TimedOut = timedOut;
        }
        LetGo();
    }

    private void LetGo()
    {
        string[] left;
        lock (gate)
            left = tasks.Where(task => task.Value is not null).Select(task => task.Key).ToArray();
        timeout?.Dispose();
        scheduler.Leave(left, this);
        changes.Writer.TryComplete();
    }
}
