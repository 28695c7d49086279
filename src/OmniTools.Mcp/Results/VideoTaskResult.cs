using System.ComponentModel;
using OmniTools.Errors;
using OmniTools.VideoTasks;

namespace OmniTools.Mcp.Results;

/// <summary>A task as a tool returns it: the fields of <see cref="VideoTask"/>.</summary>
internal sealed class VideoTaskResult
{
    public string? Id { get; init; }
    public required string RequestKey { get; init; }
    public required string Provider { get; init; }
    public string? Model { get; init; }
    public required string Status { get; init; }
    public string? RawStatus { get; init; }
    public int? Progress { get; init; }
    public string? Prompt { get; init; }
    public string? AspectRatio { get; init; }
    public int? Duration { get; init; }
    public string? Resolution { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? CompletedAt { get; init; }
    public int? EstimatedSeconds { get; init; }

    [Description("US dollars")]
    public decimal? Cost { get; init; }

    [Description("10 = $1")]
    public decimal? Credits { get; init; }

    public IReadOnlyList<VideoFileResult>? Videos { get; init; }
    public VideoTaskErrorResult? Error { get; init; }
    public required bool IsSandbox { get; init; }

    /// <summary>All of a task; its prompt is cut to <paramref name="promptLength"/> characters.</summary>
    public static VideoTaskResult From(VideoTask task, int promptLength) => new()
    {
        Id = task.Id,
        RequestKey = task.RequestKey,
        Provider = task.Provider,
        Model = task.Model,
        Status = task.Status.ToWireName(),
        RawStatus = ProviderText.Clean(task.RawStatus),
        Progress = task.Progress,
        Prompt = VideoTaskRow.Truncate(task.Prompt, promptLength),
        AspectRatio = task.AspectRatio,
        Duration = task.Duration,
        Resolution = task.Resolution,
        CreatedAt = VideoTaskRow.TruncateToSeconds(task.CreatedAt),
        CompletedAt = task.CompletedAt,
        EstimatedSeconds = task.EstimatedSeconds,
        Cost = task.Cost,
        Credits = task.Credits,
        Videos = task.Videos.Count == 0 ? null : [.. task.Videos.Select(VideoFileResult.From)],
        Error = VideoTaskErrorResult.From(task),
        IsSandbox = task.IsSandbox,
    };

    /// <summary>What a submission that was just accepted adds to what its caller wrote.</summary>
    public static VideoTaskResult CreateAccepted(VideoTask task) => new()
    {
        Id = task.Id,
        RequestKey = task.RequestKey,
        Provider = task.Provider,
        Model = task.Model,
        Status = task.Status.ToWireName(),
        Duration = task.Duration,
        CreatedAt = VideoTaskRow.TruncateToSeconds(task.CreatedAt),
        Error = VideoTaskErrorResult.From(task),
        IsSandbox = task.IsSandbox,
    };
}

/// <summary>One finished video of a task.</summary>
internal sealed class VideoFileResult
{
    public required string Url { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public string? SavedPath { get; init; }
    public string? Sha256 { get; init; }

    public static VideoFileResult From(VideoResult video) => new()
    {
        Url = video.Url,
        ExpiresAt = video.ExpiresAt,
        SavedPath = video.SavedPath,
        Sha256 = video.Sha256,
    };
}
