using OmniTools.VideoTasks;

namespace OmniTools.Providers;

/// <summary>The providers' status words in ours.</summary>
internal static class ProviderStatusMapper
{
    /// <summary>A word never seen before keeps the task open: it is shown as it is, and polling goes on.</summary>
    public static VideoTaskStatus Map(string? word) => word?.ToLowerInvariant() switch
    {
        "submitted" or "queued" or "pending" => VideoTaskStatus.Queued,
        "in_progress" or "processing" => VideoTaskStatus.InProgress,
        "completed" => VideoTaskStatus.Completed,
        "failed" => VideoTaskStatus.Failed,
        "cancelled" => VideoTaskStatus.Cancelled,
        _ => VideoTaskStatus.InProgress,
    };
}
