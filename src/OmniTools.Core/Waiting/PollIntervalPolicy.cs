using OmniTools.VideoTasks;

namespace OmniTools.Waiting;

/// <summary>Computes when a task is polled next.</summary>
internal static class PollIntervalPolicy
{
    /// <summary>
    /// How long from now until the first poll; none for a task that is older than the provider's hint.
    /// </summary>
    public static TimeSpan GetFirstDelay(VideoTask task, DateTimeOffset now)
    {
        var hint = task.IsSandbox ? WaitingConstants.SandboxInterval
            : task.EstimatedSeconds is { } estimate ? Clamp(TimeSpan.FromSeconds(estimate / 2.0),
                WaitingConstants.ShortestInterval, WaitingConstants.LatestFirstPoll)
            : WaitingConstants.FirstPoll;
        return Clamp(task.CreatedAt + hint - now, TimeSpan.Zero, hint);
    }

    /// <summary>
    /// The interval to the next poll; <paramref name="random"/> is from 0 to 1, <paramref name="failures"/> are those
    /// in a row.
    /// </summary>
    public static TimeSpan GetInterval(
        VideoTask task, DateTimeOffset now, TimeSpan? expected, int failures, double random)
    {
        var age = now - task.CreatedAt;
        var (shortest, longest) = (WaitingConstants.ShortestInterval, WaitingConstants.LongestInterval);
        var interval = task.IsSandbox ? WaitingConstants.SandboxInterval
            : IsNearEnd(age, expected) ? shortest
            : shortest + (longest - shortest) * Math.Clamp(age / WaitingConstants.BackoffRampDuration, 0, 1);
        if (failures > 0)
            interval =
                Clamp(interval * Math.Pow(2, Math.Min(failures, 10)), interval, WaitingConstants.LongestAfterFailure);
        return interval * (1 - WaitingConstants.Jitter + (2 * WaitingConstants.Jitter * random));
    }

    /// <summary>How long polls of a provider pause that asked for it.</summary>
    public static TimeSpan GetPause(TimeSpan retryAfter) =>
        Clamp(retryAfter, TimeSpan.Zero, WaitingConstants.LongestPause);

    private static bool IsNearEnd(TimeSpan age, TimeSpan? expected) =>
        expected is { } duration && (age - duration).Duration() <= duration * WaitingConstants.NearEnd;

    private static TimeSpan Clamp(TimeSpan value, TimeSpan least, TimeSpan most) =>
        value < least ? least : value > most ? most : value;
}
