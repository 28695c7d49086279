using OmniTools.Errors;

namespace OmniTools.VideoTasks;

/// <summary>
/// One generation: the request, its status and its results. A snapshot; it never changes by itself.
/// </summary>
public sealed record VideoTask
{
    /// <summary>The provider's id, opaque. Null until the provider has accepted the request.</summary>
    public string? Id { get; init; }

    /// <summary>
    /// Alias of <see cref="Id"/> for property-name binding and tables.
    /// </summary>
    public string? TaskId => Id;

    /// <summary>
    /// Our id of this one intended generation; the idempotency key on the wire. Accepted wherever a task id is.
    /// </summary>
    public required string RequestKey { get; init; }

    /// <summary>The provider: <c>toapis</c> or <c>apimart</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>The provider's model name. Null for a task made elsewhere whose provider does not report it.</summary>
    public string? Model { get; init; }

    /// <summary>The status.</summary>
    public required VideoTaskStatus Status { get; init; }

    /// <summary>The provider's own word for the status.</summary>
    public string? RawStatus { get; init; }

    /// <summary>How far it is, 0 to 100; null when the provider has not said.</summary>
    public int? Progress { get; init; }

    /// <summary>The prompt.</summary>
    public string? Prompt { get; init; }

    /// <summary>The requested aspect ratio; null: the provider's default.</summary>
    public string? AspectRatio { get; init; }

    /// <summary>The requested duration, in seconds; null: the provider's default.</summary>
    public int? Duration { get; init; }

    /// <summary>The requested resolution; null: the provider's default.</summary>
    public string? Resolution { get; init; }

    /// <summary>The batch it belongs to; null: none.</summary>
    public string? Batch { get; init; }

    /// <summary>The machine that submitted or adopted it; null when not recorded.</summary>
    public string? Machine { get; init; }

    /// <summary>When the request was made (here, or at the provider for a task made elsewhere).</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the provider ended it.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>The provider's estimate of the duration of the generation, in seconds.</summary>
    public int? EstimatedSeconds { get; init; }

    /// <summary>What it cost in the provider's currency; null when the provider has not said.</summary>
    public decimal? Cost { get; init; }

    /// <summary>
    /// What it cost in the provider's credits, the unit of the credits limit; null when the provider has not said.
    /// </summary>
    public decimal? Credits { get; init; }

    /// <summary>The finished videos.</summary>
    public IReadOnlyList<VideoResult> Videos { get; init; } = [];

    /// <summary>Why it failed, or what is known of an unknown outcome.</summary>
    public VideoTaskError? Error { get; init; }

    /// <summary>Whether the sandbox made it: no key, no money, a stand-in video.</summary>
    public bool IsSandbox { get; init; }

    /// <summary>Identifies the task: its id, or the request key while it has none.</summary>
    public string Reference => Id ?? RequestKey;

    /// <summary>Where the provider serves the first video; null: there is none yet.</summary>
    public string? Url => Videos is [var first, ..] ? first.Url : null;

    /// <summary>The file of the first video that was saved; null: none was.</summary>
    public string? SavedPath => Videos.FirstOrDefault(video => video.SavedPath is not null)?.SavedPath;

    /// <summary>
    /// Whether it was billed, as far as it is known: a completed clip is, a running one may be.
    /// </summary>
    public Charged Charged => Status == VideoTaskStatus.Completed ? Charged.Yes : Error?.Charged ?? Charged.Unknown;

    /// <summary>
    /// When the first of its videos without a file expires; null: all are saved, or the provider has not said.
    /// </summary>
    public DateTimeOffset? ExpiresAt => Videos.Where(video => !video.HasFile).Min(video => video.ExpiresAt);

    /// <summary>Completed, and at least one video has no file: never saved, deleted or moved.</summary>
    public bool IsUnsaved => Status == VideoTaskStatus.Completed && Videos.Any(video => !video.HasFile);
}
