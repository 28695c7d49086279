namespace OmniTools.VideoTasks;

/// <summary>The status of a task; the provider's own word is <see cref="VideoTask.RawStatus"/>.</summary>
/// <remarks>64 bits wide, because ConvertTo-Json writes such enums as words and others as numbers.</remarks>
public enum VideoTaskStatus : long
{
    /// <summary>The request is being sent; the provider has not responded yet.</summary>
    Submitting,
    /// <summary>The request was sent and its outcome is not known: it may have been accepted and billed.</summary>
    Unknown,
    /// <summary>Accepted, not started.</summary>
    Queued,
    /// <summary>Being made.</summary>
    InProgress,
    /// <summary>Done, with at least one video.</summary>
    Completed,
    /// <summary>Ended without a video.</summary>
    Failed,
    /// <summary>Ended by the provider or the account's owner.</summary>
    Cancelled,
}
