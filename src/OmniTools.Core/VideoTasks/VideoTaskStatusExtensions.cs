using OmniTools.Errors;

namespace OmniTools.VideoTasks;

/// <summary>The words for <see cref="VideoTaskStatus"/> in JSON, and what follows from a status.</summary>
public static class VideoTaskStatusExtensions
{
    /// <summary>All words, in the order of the enum.</summary>
    public static IReadOnlyList<string> WireNames { get; } =
        ["submitting", "unknown", "queued", "in_progress", "completed", "failed", "cancelled"];

    /// <summary>The word of a status: <c>in_progress</c> for <see cref="VideoTaskStatus.InProgress"/>.</summary>
    public static string ToWireName(this VideoTaskStatus status) => WireNames[(int)status];

    /// <summary>
    /// The word for people. Three words distinguish failed tasks: <c>failed</c> (accepted, no video), <c>refused</c>
    /// (by the provider) and <c>not sent</c> (the request never reached it).
    /// </summary>
    public static string ToDisplayText(this VideoTask task)
    {
        if (task is not { Status: VideoTaskStatus.Failed, Id: null })
            return task.Status.ToWireName().Replace('_', ' ');
        return task.Error?.Kind is OmniErrorKind.ProviderUnavailable or OmniErrorKind.LedgerUnavailable
            ? "not sent"
            : "refused";
    }

    /// <summary>The status of a word; false for an unknown word.</summary>
    public static bool TryParse(string? word, out VideoTaskStatus status)
    {
        for (var i = 0; i < WireNames.Count; i++)
        {
            if (string.Equals(WireNames[i], word, StringComparison.OrdinalIgnoreCase))
            {
                status = (VideoTaskStatus)i;
                return true;
            }
        }
        status = default;
        return false;
    }

    /// <summary>Whether nothing more will happen to the task.</summary>
    public static bool IsTerminal(this VideoTaskStatus status) =>
        status is VideoTaskStatus.Completed or VideoTaskStatus.Failed or VideoTaskStatus.Cancelled;
}
