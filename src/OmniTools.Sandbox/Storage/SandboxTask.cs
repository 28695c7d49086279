using System.Text.Json.Serialization;
using OmniTools.VideoTasks;

namespace OmniTools.Sandbox.Storage;

/// <summary>How a task will end; decided when it is made.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SandboxOutcome>))]
internal enum SandboxOutcome
{
    Completed,
    Failed,
    NoVideo,
    Expired,
}

/// <summary>One task as it is stored. Its status follows from creation time and clock.</summary>
internal sealed record SandboxTask
{
    /// <summary>How long a result's URL lives: 24 hours, as both providers print.</summary>
    private static readonly TimeSpan ResultLifetime = TimeSpan.FromHours(24);

    /// <summary>The part of a generation that is spent in the queue.</summary>
    private const double QueuedShare = 0.15;

    public required string Id { get; init; }
    public string? Key { get; init; }
    public required string Model { get; init; }
    public bool IsPortrait { get; init; }
    public int Seconds { get; init; }
    public string? SampleNote { get; init; }
    public decimal Cost { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required TimeSpan Duration { get; init; }
    public SandboxOutcome Outcome { get; init; }

    [JsonIgnore]
    public DateTimeOffset EndsAt => CreatedAt + Duration;

    [JsonIgnore]
    public DateTimeOffset ExpiresAt => Outcome == SandboxOutcome.Expired ? EndsAt : EndsAt + ResultLifetime;

    [JsonIgnore]
    public string Url => $"{Downloads.VideoDownloads.Origin}/videos/{Id}.mp4";

    [JsonIgnore]
    public bool HasVideo => Outcome is SandboxOutcome.Completed or SandboxOutcome.Expired;

    public bool HasEnded(DateTimeOffset now) => now >= EndsAt;

    /// <summary>Its progress is 0 in the queue, up to 99 in work, then 100.</summary>
    public SandboxTaskState GetState(DateTimeOffset now) =>
        now - CreatedAt < Duration * QueuedShare ? new(VideoTaskStatus.Queued)
        : !HasEnded(now) ? new(VideoTaskStatus.InProgress)
        {
            Progress = Math.Clamp((int)((now - CreatedAt) / Duration * 100), 1, 99),
        }
        : Outcome == SandboxOutcome.Failed ? new(VideoTaskStatus.Failed)
        : new(VideoTaskStatus.Completed)
        {
            Progress = 100,
            CompletedAt = EndsAt,
            ExpiresAt = ExpiresAt,
            Urls = HasVideo ? [Url] : [],
        };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SandboxTask))]
internal sealed partial class SandboxJson : JsonSerializerContext;
