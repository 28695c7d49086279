using OmniTools.Catalog;
using OmniTools.VideoTasks;

namespace OmniTools.Gallery;

/// <summary>
/// One clip of the page: a task with the fields that are shown, under the names they have in JSON elsewhere. No URL of
/// a provider.
/// </summary>
internal sealed record GalleryClip
{
    public string? Id { get; init; }
    public required string RequestKey { get; init; }
    public required string Provider { get; init; }
    public string? Model { get; init; }
    public required string Status { get; init; }

    /// <summary>
    /// The status for people, which distinguishes <c>refused</c> and <c>not sent</c> from <c>failed</c>.
    /// </summary>
    public required string Label { get; init; }
    public int? Progress { get; init; }
    public string? Prompt { get; init; }
    public string? AspectRatio { get; init; }
    public int? Duration { get; init; }
    public string? Resolution { get; init; }
    public IReadOnlyList<string>? Images { get; init; }
    public string? Video { get; init; }
    public string? ExtendFrom { get; init; }
    public string? Batch { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public decimal? Cost { get; init; }
    public decimal? Credits { get; init; }

    /// <summary>What making it again is expected to cost, in credits; null where the price is not known.</summary>
    public decimal? Estimate { get; init; }

    /// <summary>Whether its model continues clips.</summary>
    public bool CanExtend { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public GalleryError? Error { get; init; }
    public bool IsSandbox { get; init; }

    /// <summary>The files that exist on this machine.</summary>
    public IReadOnlyList<GalleryFile> Files { get; init; } = [];

    /// <summary>Of a task. <paramref name="folder"/> is the page's.</summary>
    public static GalleryClip From(VideoTask task, GalleryReferences? references, string folder)
    {
        var provider = ModelCatalog.Providers.FirstOrDefault(spec => spec.Id == task.Provider);
        var rules = provider?.Rules(task.Model ?? "", out _);
        return new()
        {
            Id = task.Id,
            RequestKey = task.RequestKey,
            Provider = task.Provider,
            Model = task.Model,
            Status = task.Status.ToWireName(),
            Label = task.ToDisplayText(),
            Progress = task.Progress,
            Prompt = task.Prompt,
            AspectRatio = task.AspectRatio,
            Duration = task.Duration,
            Resolution = task.Resolution,
            Images = references?.Images,
            Video = references?.Videos is [var video, ..] ? video : null,
            ExtendFrom = references?.ExtendFrom,
            Batch = task.Batch,
            CreatedAt = task.CreatedAt,
            Cost = task.Cost,
            Credits = task.Credits,
            Estimate = rules is null ? null : provider!.EstimateCredits(rules, task.Duration, task.Resolution),
            CanExtend = task.Status == VideoTaskStatus.Completed && task.Id is not null && rules?.CanExtend == true,
            ExpiresAt = task.ExpiresAt,
            Error = task.Error is { } error
                ? new() { Message = error.Message, Charged = error.Charged.ToString().ToLowerInvariant() }
                : null,
            IsSandbox = task.IsSandbox,
            Files = [.. task.Videos.Where(video => video.HasFile)
                .Select(video => GalleryFile.From(video.SavedPath!, folder))],
        };
    }
}
