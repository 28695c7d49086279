using OmniTools.VideoTasks;

namespace OmniTools.Waiting;

/// <summary>
/// One task under way and who waits for it. Guarded by the scheduler's lock, apart from the one poll that is in flight.
/// </summary>
internal sealed class FollowedVideoTask(AddedVideoTask added, ProviderPollQueue lane, VideoTaskWait follower)
{
    public string Key => added.Key;

    public ProviderPollQueue Queue => lane;

    /// <summary>As last seen.</summary>
    public VideoTask Task { get; set; } = added.Task;

    /// <summary>Everyone to tell; replaced, never changed. Empty: nobody waits any more.</summary>
    public VideoTaskWait[] Followers { get; set; } = [follower];

    /// <summary>Failed polls in a row.</summary>
    public int Failures { get; set; }

    /// <summary>By when it wants to be polled, among those that are due.</summary>
    public long Deadline { get; set; }

    /// <summary>Ends the poll in flight; null when there is none.</summary>
    public CancellationTokenSource? InFlight { get; set; }

    /// <summary>That of the call which added it.</summary>
    public ExecutionContext? Flow => added.Flow;

    /// <summary>What makes two snapshots the same task: the request key, which a task has before its id.</summary>
    public static string GetKey(VideoTask task) =>
        task.Provider + "\n" + (task.RequestKey.Length > 0 ? task.RequestKey : task.Id);
}
