using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using OmniTools.Requests;
using OmniTools.VideoTasks;

namespace OmniTools.Saving;

/// <summary>
/// <c>NAME.json</c> beside <c>NAME.mp4</c>: describes the clip for readers that do not have the ledger.
/// </summary>
internal sealed record Sidecar
{
    public string? Prompt { get; init; }
    public string? NegativePrompt { get; init; }
    public string? AspectRatio { get; init; }
    public int? Duration { get; init; }
    public string? Resolution { get; init; }

    /// <summary>References: addresses without their queries, local files by their paths.</summary>
    public IReadOnlyList<string>? Images { get; init; }
    public string? FirstFrame { get; init; }
    public string? LastFrame { get; init; }
    public IReadOnlyList<string>? Videos { get; init; }
    public bool? Audio { get; init; }
    public long? Seed { get; init; }
    public IReadOnlyDictionary<string, JsonElement>? Options { get; init; }
    public string? ExtendFrom { get; init; }
    public required string Provider { get; init; }
    public string? Model { get; init; }
    public string? TaskId { get; init; }
    public required string RequestKey { get; init; }
    public int Index { get; init; }
    public decimal? Cost { get; init; }
    public decimal? Credits { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? CompletedAt { get; init; }
    public DateTimeOffset SavedAt { get; init; }
    public required string Sha256 { get; init; }
    public required long Bytes { get; init; }

    /// <summary>Without its query, which is a key to the file.</summary>
    public string? SourceUrl { get; init; }

    /// <summary>
    /// The sidecar of one video. <paramref name="request"/> is the request by the ledger; null where it was made
    /// elsewhere.
    /// </summary>
    public static Sidecar From(VideoTask task, VideoRequest? request, int index, string sha256, long bytes,
        DateTimeOffset savedAt) => new()
        {
            Prompt = task.Prompt,
            NegativePrompt = request?.NegativePrompt,
            AspectRatio = task.AspectRatio,
            Duration = task.Duration,
            Resolution = task.Resolution,
            Images = request is { Images.Count: > 0 } ? [.. request.Images.Select(image => RemoveQuery(image))] : null,
            FirstFrame = RemoveQuery(request?.FirstFrame),
            LastFrame = RemoveQuery(request?.LastFrame),
            Videos = request is { Videos.Count: > 0 } ? [.. request.Videos.Select(video => RemoveQuery(video))] : null,
            Audio = request?.Audio,
            Seed = request?.Seed,
            Options = request is { Options.Count: > 0 } ? request.Options : null,
            ExtendFrom = request?.ExtendFrom,
            Provider = task.Provider,
            Model = task.Model,
            TaskId = task.Id,
            RequestKey = task.RequestKey,
            Index = index,
            Cost = task.Cost,
            Credits = task.Credits,
            CreatedAt = task.CreatedAt,
            CompletedAt = task.CompletedAt,
            SavedAt = savedAt,
            Sha256 = sha256,
            Bytes = bytes,
            SourceUrl = RemoveQuery(task.Videos[index].Url),
        };

    /// <summary>Whether it is of this video of this task.</summary>
    public bool IsFor(VideoTask task, int index) => TaskId == task.Id && Provider == task.Provider && Index == index;

    /// <summary>The sidecar of a file; null when there is none, or the file of its name is another.</summary>
    public static Sidecar? Read(string path) =>
        SavingJson.Read(VideoName.GetSidecarPath(path), SavingJson.Relaxed.Sidecar);

    public Task WriteAsync(string path, TimeProvider timeProvider, CancellationToken cancellationToken) =>
        SavingJson.WriteAsync(
            VideoName.GetSidecarPath(path), this, SavingJson.Relaxed.Sidecar, timeProvider, cancellationToken);

    [return: NotNullIfNotNull(nameof(address))]
    private static string? RemoveQuery(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var url) && !url.IsFile
        ? url.GetLeftPart(UriPartial.Path)
        : address;
}
