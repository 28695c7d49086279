using OmniTools.VideoTasks;

namespace OmniTools.Waiting;

/// <summary>
/// One running task and the waits that follow it. Guarded by the scheduler's lock, except for the poll in flight.
/// </summary>
internal sealed class FollowedVideoTask(AddedVideoTask added, ProviderPollQueue lane, VideoTaskWait follower)
{
    public string Key => added.Key;

    public ProviderPollQueue Queue => lane;

    /// <summary>As last seen.</summary>
    public VideoTask Task { get; set; } = added.Task;

    /// <summary>The waits to report to; replaced, never changed. Empty: no wait follows the task.</summary>
    public VideoTaskWait[] Followers { get; set; } = [follower];

    /// <summary>Failed polls in a row.</summary>
    public int Failures { get; set; }

    /// <summary>Orders the polls that are due.</summary>
    public long Deadline { get; set; }

    /// <summary>Ends the poll in flight; null when there is none.</summary>
    public CancellationTokenSource? InFlight { get; set; }

    /// <summary>The context of the call that added it.</summary>
    public ExecutionContext? Flow => added.Flow;

    /// <summary>The same for all snapshots of a task: the request key, which a task has before its id.</summary>
    public static string GetKey(VideoTask task) =>
        task.Provider + "\n" + (task.RequestKey.Length > 0 ? task.RequestKey : task.Id);
}
