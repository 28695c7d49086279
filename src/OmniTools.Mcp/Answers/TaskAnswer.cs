using OmniTools.Errors;
using OmniTools.Tasks;

namespace OmniTools.Mcp.Answers;

/// <summary>A task as a tool returns it: the fields of <see cref="VideoTask"/>.</summary>
internal sealed class TaskAnswer
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
    public decimal? Cost { get; init; }
    public decimal? Credits { get; init; }
    public IReadOnlyList<VideoAnswer>? Videos { get; init; }
    public ErrorAnswer? Error { get; init; }
    public required bool IsSandbox { get; init; }

    /// <summary>The task; its prompt is cut to <paramref name="promptLength"/> characters, for the caller mostly knows it.</summary>
    public static TaskAnswer From(VideoTask task, int promptLength) => new()
    {
        Id = task.Id,
        RequestKey = task.RequestKey,
        Provider = task.Provider,
        Model = task.Model,
        Status = task.Status.Word(),
        RawStatus = ProviderText.Clean(task.RawStatus),
        Progress = task.Progress,
        Prompt = promptLength == 0 ? null : task.Prompt?.Length > promptLength ? task.Prompt[..promptLength] + "…" : task.Prompt,
        AspectRatio = task.AspectRatio,
        Duration = task.Duration,
        Resolution = task.Resolution,
        CreatedAt = Seconds(task.CreatedAt),
        CompletedAt = task.CompletedAt,
        EstimatedSeconds = task.EstimatedSeconds,
        Cost = task.Cost,
        Credits = task.Credits,
        Videos = task.Videos.Count == 0 ? null : [.. task.Videos.Select(VideoAnswer.From)],
        Error = task.Error is null ? null : ErrorAnswer.From(task.Error),
        IsSandbox = task.IsSandbox,
    };

    private static DateTimeOffset Seconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
}

/// <summary>One finished video of a task.</summary>
internal sealed class VideoAnswer
{
    public required string Url { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public string? SavedPath { get; init; }
    public string? Sha256 { get; init; }

    public static VideoAnswer From(VideoResult video) => new()
    {
        Url = video.Url,
        ExpiresAt = video.ExpiresAt,
        SavedPath = video.SavedPath,
        Sha256 = video.Sha256,
    };
}

/// <summary>Why a task failed.</summary>
internal sealed class ErrorAnswer
{
    public required string Kind { get; init; }
    public string? Code { get; init; }
    public required string Message { get; init; }
    public required string Charged { get; init; }

    public static ErrorAnswer From(TaskError error) => new()
    {
        Kind = AnswerJson.Word(error.Kind.ToString()),
        Code = error.Code,
        Message = error.Message,
        Charged = AnswerJson.Word(error.Charged.ToString()),
    };
}
