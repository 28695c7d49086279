using OmniTools.Errors;
using OmniTools.VideoTasks;

namespace OmniTools.Waiting;

/// <summary>One change of one task during a wait.</summary>
/// <param name="Task">The task as it is now.</param>
/// <param name="Failure">Why this task cannot be followed further (no such task, key refused, outcome unknown); null
/// for a change. It is the last report on the task; the task itself goes on.</param>
public sealed record VideoTaskChange(VideoTask Task, OmniException? Failure = null)
{
    /// <summary>Whether no more reports on this task follow.</summary>
    public bool IsLast => Failure is not null || Task.Status.IsTerminal();
}
