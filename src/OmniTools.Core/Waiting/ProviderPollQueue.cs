namespace OmniTools.Waiting;

/// <summary>
/// The polls of one provider: which are due, how many run, when the next may begin. Times are ticks of the scheduler's
/// clock.
/// </summary>
internal sealed class ProviderPollQueue(int mostInFlight, TimeSpan spacing)
{
    private readonly PriorityQueue<FollowedVideoTask, long> upcoming = new();
    private readonly PriorityQueue<FollowedVideoTask, long> due = new();
    private int inFlight;
    private long nextStart;

    /// <summary>Puts a task up for a poll at a time.</summary>
    public void Add(FollowedVideoTask task, long at) => upcoming.Enqueue(task, at);

    /// <summary>Lets no poll begin before a time.</summary>
    public void Pause(long until) => nextStart = Math.Max(nextStart, until);

    /// <summary>The next task to poll now; null when none is due or may begin.</summary>
    public FollowedVideoTask? Take(long now)
    {
        while (upcoming.TryPeek(out var task, out var at) && at <= now)
        {
            upcoming.Dequeue();
            due.Enqueue(task, task.Deadline);
        }
        while (inFlight < mostInFlight && nextStart <= now && due.TryDequeue(out var task, out _))
        {
            if (task.Followers.Length == 0)
                continue;
            inFlight++;
            nextStart = now + spacing.Ticks;
            return task;
        }
        return null;
    }

    /// <summary>A poll has ended.</summary>
    public void Release() => inFlight--;

    /// <summary>
    /// When <see cref="Take"/> can next return a task; null: not before a poll ends or a task is added.
    /// </summary>
    public long? NextAt => inFlight >= mostInFlight ? null
        : due.Count > 0 ? nextStart
        : upcoming.TryPeek(out _, out var at) ? Math.Max(at, nextStart)
        : null;
}
