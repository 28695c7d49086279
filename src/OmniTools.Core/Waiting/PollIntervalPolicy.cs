using OmniTools.VideoTasks;

namespace OmniTools.Waiting;

/// <summary>Computes when a task is polled next, from its age and estimate alone.</summary>
internal static class PollIntervalPolicy
{
    /// <summary>
    /// How long from now until the first poll; none for a task that is older than the provider's hint.
    /// </summary>
    public static TimeSpan GetFirstDelay(VideoTask task, TimeSpan age)
    {
        var hint = task.IsSandbox ? WaitingConstants.SandboxInterval
            : task.EstimatedSeconds is { } estimate
            ? Clamp(TimeSpan.FromSeconds(estimate / 2.0), WaitingConstants.ShortestInterval,
            WaitingConstants.LatestFirstPoll)
            : WaitingConstants.FirstPoll;
        return Clamp(hint - age, TimeSpan.Zero, hint);
    }

    /// <summary>
    /// The interval to the next poll; <paramref name="random"/> is from 0 to 1, <paramref name="failures"/> are those
    /// in a row.
    /// </summary>
    public static TimeSpan GetInterval(VideoTask task, TimeSpan age, TimeSpan? expected, int failures, double random)
    {
        var interval = task.IsSandbox ? WaitingConstants.SandboxInterval
            : IsNearEnd(age, expected) ? WaitingConstants.ShortestInterval
            : WaitingConstants.ShortestInterval + (WaitingConstants.LongestInterval - WaitingConstants.ShortestInterval)
                * Math.Clamp(age / WaitingConstants.BackoffRampDuration, 0, 1);
        if (failures > 0)
            interval =
                Clamp(interval * Math.Pow(2, Math.Min(failures, 10)), interval, WaitingConstants.LongestAfterFailure);
        return interval * (1 - WaitingConstants.Jitter + (2 * WaitingConstants.Jitter * random));
    }

    /// <summary>
    /// How far a poll that is due may be deferred behind others: until the task's end, within bounds. Ordering by due
    /// time plus this deferral polls tasks that end soon first, and no task starves.
    /// </summary>
    public static TimeSpan GetMaximumDeferral(TimeSpan ageWhenDue, TimeSpan? expected) =>
        expected is { } duration ? Clamp(duration - ageWhenDue, TimeSpan.Zero,
        WaitingConstants.MaximumDeferral) : WaitingConstants.MaximumDeferral / 2;

    private static bool IsNearEnd(TimeSpan age, TimeSpan? expected) =>
        expected is { } duration && (age - duration).Duration() <= duration * WaitingConstants.NearEnd;

    private static TimeSpan Clamp(TimeSpan value, TimeSpan least, TimeSpan most) =>
        value < least ? least : value > most ? most : value;
}
