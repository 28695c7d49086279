namespace OmniTools.Waiting;

/// <summary>The polls of one provider: which are due, how many run, when the next may begin. Times are ticks of the scheduler's clock.</summary>
internal sealed class PollLane(int mostInFlight, TimeSpan spacing)
{
    private readonly PriorityQueue<FollowedTask, long> later = new();
    private readonly PriorityQueue<FollowedTask, long> due = new();
    private int inFlight;
    private long free;

    /// <summary>Puts a task up for a poll at a time.</summary>
    public void Add(FollowedTask task, long at) => later.Enqueue(task, at);

    /// <summary>Lets no poll begin before a time.</summary>
    public void Pause(long until) => free = Math.Max(free, until);

    /// <summary>The next task to poll now; null when none is due or may begin.</summary>
    public FollowedTask? Take(long now)
    {
        while (later.TryPeek(out var task, out var at) && at <= now)
        {
            later.Dequeue();
            due.Enqueue(task, task.Deadline);
        }
        while (inFlight < mostInFlight && free <= now && due.TryDequeue(out var task, out _))
        {
            if (task.Followers.Length == 0)
                continue;
            inFlight++;
            free = now + spacing.Ticks;
            return task;
        }
        return null;
    }

    /// <summary>A poll has ended.</summary>
    public void Release() => inFlight--;

    /// <summary>When <see cref="Take"/> can next give a task without a poll ending first; null: not before one does or a task is added.</summary>
    public long? NextAt => inFlight >= mostInFlight ? null
        : due.Count > 0 ? free
        : later.TryPeek(out _, out var at) ? Math.Max(at, free)
        : null;
}
