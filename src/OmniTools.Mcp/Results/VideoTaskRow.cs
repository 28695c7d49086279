using OmniTools.VideoTasks;

namespace OmniTools.Mcp.Results;

/// <summary>
/// A task among several: what identifies it, its state, what it cost and how long it can be saved. No URL.
/// </summary>
internal sealed class VideoTaskRow
{
    private const int LongestPrompt = 80;

    public string? Id { get; init; }
    public required string RequestKey { get; init; }
    public string? Provider { get; init; }
    public required string Status { get; init; }
    public int? Progress { get; init; }
    public string? Prompt { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }
    public decimal? Credits { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public string? SavedPath { get; init; }
    public VideoTaskErrorResult? Error { get; init; }
    public bool? IsSandbox { get; init; }

    /// <param name="task">The task.</param>
    /// <param name="isShort">Whether there are so many tasks that each has to be short.</param>
    public static VideoTaskRow From(VideoTask task, bool isShort = false) => new()
    {
        Id = task.Id,
        RequestKey = task.RequestKey,
        Provider = isShort ? null : task.Provider,
        Status = task.Status.ToWireName(),
        Progress = task.Status.IsTerminal() ? null : task.Progress,
        Prompt = isShort ? null : Truncate(task.Prompt, LongestPrompt),
        CreatedAt = isShort ? null : TruncateToSeconds(task.CreatedAt),
        Credits = isShort ? null : task.Credits,
        ExpiresAt = task.ExpiresAt,
        SavedPath = isShort ? null : task.SavedPath,
        Error = VideoTaskErrorResult.From(task, isShort),
        IsSandbox = task.IsSandbox && !isShort ? true : null,
    };

    /// <summary>The first characters of a text; null for none.</summary>
    public static string? Truncate(string? text, int length) =>
        length == 0 ? null : text?.Length > length ? text[..length] + "…" : text;

    public static DateTimeOffset TruncateToSeconds(DateTimeOffset time) =>
        DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
}
