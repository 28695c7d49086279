using OmniTools.Errors;
using OmniTools.VideoTasks;

namespace OmniTools.Mcp.Results;

/// <summary>A task as a tool returns it: the fields of <see cref="VideoTask"/>.</summary>
internal sealed class VideoTaskResult
{
    private const int LongestRowPrompt = 80;

    public string? Id { get; init; }
    public required string RequestKey { get; init; }
    public string? Provider { get; init; }
    public string? Model { get; init; }
    public required string Status { get; init; }
    public string? RawStatus { get; init; }
    public int? Progress { get; init; }
    public string? Prompt { get; init; }
    public string? AspectRatio { get; init; }
    public int? Duration { get; init; }
    public string? Resolution { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }
    public DateTimeOffset? CompletedAt { get; init; }
    public int? EstimatedSeconds { get; init; }
    public decimal? Cost { get; init; }
    public decimal? Credits { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public string? SavedPath { get; init; }
    public IReadOnlyList<VideoFileResult>? Videos { get; init; }
    public VideoTaskErrorResult? Error { get; init; }
    public bool? IsSandbox { get; init; }

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
        Prompt = Truncate(task.Prompt, promptLength),
        AspectRatio = task.AspectRatio,
        Duration = task.Duration,
        Resolution = task.Resolution,
        CreatedAt = TruncateToSeconds(task.CreatedAt),
        CompletedAt = task.CompletedAt,
        EstimatedSeconds = task.EstimatedSeconds,
        Cost = task.Cost,
        Credits = task.Credits,
        Videos = task.Videos.Count == 0 ? null : [.. task.Videos.Select(VideoFileResult.From)],
        Error = task.Error is null ? null : VideoTaskErrorResult.From(task, task.Error),
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
        CreatedAt = TruncateToSeconds(task.CreatedAt),
        Error = task.Error is null ? null : VideoTaskErrorResult.From(task, task.Error),
        IsSandbox = task.IsSandbox,
    };

    /// <summary>
    /// A task among several: what identifies it, how it stands, what it cost and how long it can be saved. No URL.
    /// </summary>
    public static VideoTaskResult CreateRow(VideoTask task) => new()
    {
        Id = task.Id,
        RequestKey = task.RequestKey,
        Provider = task.Provider,
        Status = task.Status.ToWireName(),
        Progress = task.Status.IsTerminal() ? null : task.Progress,
        Prompt = Truncate(task.Prompt, LongestRowPrompt),
        CreatedAt = TruncateToSeconds(task.CreatedAt),
        Credits = task.Credits,
        ExpiresAt = task.ExpiresAt,
        SavedPath = task.SavedPath,
        Error = task.Error is null ? null : VideoTaskErrorResult.From(task, task.Error),
        IsSandbox = task.IsSandbox ? true : null,
    };

    /// <summary>A task among so many that each has to be short.</summary>
    public static VideoTaskResult CreateShortRow(VideoTask task) => new()
    {
        Id = task.Id,
        RequestKey = task.RequestKey,
        Status = task.Status.ToWireName(),
        Progress = task.Status.IsTerminal() ? null : task.Progress,
        ExpiresAt = task.ExpiresAt,
        Error = task.Error is null ? null : VideoTaskErrorResult.WithoutMessage(task.Error),
    };

    private static string? Truncate(string? prompt, int length) =>
        length == 0 ? null : prompt?.Length > length ? prompt[..length] + "…" : prompt;

    private static DateTimeOffset TruncateToSeconds(DateTimeOffset time) =>
        DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
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

/// <summary>Why a task failed.</summary>
internal sealed class VideoTaskErrorResult
{
    public required string Kind { get; init; }
    public string? Code { get; init; }
    public string? Message { get; init; }
    public required string Charged { get; init; }

    public static VideoTaskErrorResult From(VideoTask task, VideoTaskError error) => new()
    {
        Kind = ResultJson.ToSnakeCase(error.Kind.ToString()),
        Code = error.Code,
        Message = ProviderQuote.DescribeError(task, error),
        Charged = ResultJson.ToSnakeCase(error.Charged.ToString()),
    };

    public static VideoTaskErrorResult WithoutMessage(VideoTaskError error) => new()
    {
        Kind = ResultJson.ToSnakeCase(error.Kind.ToString()),
        Charged = ResultJson.ToSnakeCase(error.Charged.ToString()),
    };
}
