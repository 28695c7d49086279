using System.ComponentModel;

namespace OmniTools.Mcp.Results;

/// <summary>A task as a tool returns it: the fields of <see cref="VideoTask"/>.</summary>
internal sealed record VideoTaskResult(
    string? Id, string RequestKey, string Provider, string? Model, string Status, string? RawStatus, int? Progress,
    string? Prompt, string? AspectRatio, int? Duration, string? Resolution, DateTimeOffset CreatedAt,
    DateTimeOffset? CompletedAt, int? EstimatedSeconds, [property: Description("US dollars")] decimal? Cost,
    [property: Description("10 = $1")] decimal? Credits, IReadOnlyList<VideoFileResult>? Videos,
    VideoTaskErrorResult? Error, bool IsSandbox)
{
    /// <summary>All of a task; its prompt is cut to <paramref name="promptLength"/> characters.</summary>
    public static VideoTaskResult From(VideoTask task, int promptLength) => CreateAccepted(task) with
    {
        RawStatus = ProviderText.Clean(task.RawStatus),
        Progress = task.Progress,
        Prompt = VideoTaskRow.Truncate(task.Prompt, promptLength),
        AspectRatio = task.AspectRatio,
        Resolution = task.Resolution,
        CompletedAt = task.CompletedAt,
        EstimatedSeconds = task.EstimatedSeconds,
        Cost = task.Cost,
        Credits = task.Credits,
        Videos = task.Videos.Select(video =>
            new VideoFileResult(video.Url, video.ExpiresAt, video.SavedPath, video.Sha256)).ToList().NullIfEmpty(),
    };

    /// <summary>What a submission that was just accepted adds to what its caller wrote.</summary>
    public static VideoTaskResult CreateAccepted(VideoTask task) => new(
        task.Id, task.RequestKey, task.Provider, task.Model, task.Status.ToWireName(), RawStatus: null, Progress: null,
        Prompt: null, AspectRatio: null, task.Duration, Resolution: null,
        VideoTaskRow.TruncateToSeconds(task.CreatedAt), CompletedAt: null, EstimatedSeconds: null, Cost: null,
        Credits: null, Videos: null, VideoTaskErrorResult.From(task), task.IsSandbox);
}

/// <summary>One finished video of a task.</summary>
internal sealed record VideoFileResult(string Url, DateTimeOffset? ExpiresAt, string? SavedPath, string? Sha256);
