using System.Globalization;
using OmniTools.Errors;
using OmniTools.Tasks;

namespace OmniTools.Mcp.Tools;

/// <summary>Tasks in a few words.</summary>
internal static class TaskSentence
{
    /// <summary>One task: where it stands, what it made or why not.</summary>
    public static string Of(VideoTask task, TimeProvider time)
    {
        var about = task.Status switch
        {
            VideoTaskStatus.Completed => string.Join(' ', task.Videos.Select(video => Video(video, time.GetUtcNow()))),
            VideoTaskStatus.Failed => task.Error is { } error ? $"{error.Message.TrimEnd('.')}.{Billed(error.Charged)}" : "The provider gave no reason.",
            VideoTaskStatus.Unknown => "It was sent and its outcome is not known: it may have been billed.",
            VideoTaskStatus.Submitting => "The provider has not answered yet.",
            _ => Left(task, time) is { } left ? $"About {left} s left." : "",
        };
        return $"{task.Handle} ({task.Provider}): {State(task)}. {about}".TrimEnd();
    }

    /// <summary>The status, and how far.</summary>
    public static string State(VideoTask task) =>
        task.Progress is { } percent && !task.Status.IsFinal() ? string.Create(CultureInfo.InvariantCulture, $"{task.Status.Word()}, {percent}%") : task.Status.Word();

    /// <summary>Seconds left by the provider's estimate; null when it gave none or it has passed.</summary>
    public static int? Left(VideoTask task, TimeProvider time)
    {
        if (task.EstimatedSeconds is not { } whole || task.Status.IsFinal())
            return null;
        var left = whole - (time.GetUtcNow() - task.CreatedAt).TotalSeconds;
        return left > 0 ? (int)Math.Ceiling(left) : null;
    }

    private static string Video(VideoResult video, DateTimeOffset now) =>
        video.SavedPath is { } path ? $"Saved: {path}."
        : video.ExpiresAt <= now ? string.Create(CultureInfo.InvariantCulture, $"Not saved, and the URL expired at {video.ExpiresAt:yyyy-MM-dd HH:mm}Z.")
        : video.ExpiresAt is { } end ? string.Create(CultureInfo.InvariantCulture, $"Not saved yet; the URL works until {end:yyyy-MM-dd HH:mm}Z.")
        : "Not saved yet; the URL will expire, typically after 24 hours.";

    private static string Billed(Charged charged) => charged switch
    {
        Charged.Yes => " It was billed.",
        Charged.Unknown => " It may have been billed.",
        _ => " It was not billed.",
    };
}
