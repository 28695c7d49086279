using OmniTools.Catalog;
using OmniTools.Http;
using OmniTools.VideoTasks;

namespace OmniTools.Providers;

/// <summary>
/// The API of one provider: its requests and responses. Ledger, limits and waiting are elsewhere; the JSON types stay
/// in the provider's folder.
/// </summary>
internal interface IVideoProvider
{
    /// <summary>Its entry in the catalog.</summary>
    ProviderSpec Spec { get; }

    /// <summary>Where and how its bytes travel.</summary>
    ProviderTransport Transport { get; }

    /// <summary>
    /// The POST for a checked request whose local references are resolved. The same input gives the same bytes.
    /// </summary>
    ApiRequest WriteSubmit(CheckedRequest request, string requestKey);

    /// <summary>The task a submission's 200 accepted; null when the answer names none.</summary>
    VideoTaskReport? ReadSubmit(ApiResponse answer);

    /// <summary>
    /// Reads the task that was accepted under a request key; null: certainly none. Only where
    /// <see cref="ProviderSpec.ReadsByRequestKey"/>; elsewhere the same POST has to be sent again.
    /// </summary>
    Task<VideoTaskReport?> FindTaskByKeyAsync(string requestKey, CancellationToken cancellationToken);

    /// <summary>The state of a task.</summary>
    Task<VideoTaskReport> GetTaskAsync(string taskId, CancellationToken cancellationToken);

    /// <summary>What the account has left.</summary>
    Task<Balance> GetBalanceAsync(CancellationToken cancellationToken);

    /// <summary>The ids of the video models that the provider offers now.</summary>
    Task<IReadOnlyList<string>> ListModelsAsync(CancellationToken cancellationToken);

    /// <summary>Uploads a local image and returns its URL for a request. Costs nothing.</summary>
    Task<string> UploadImageAsync(string path, string mediaType, CancellationToken cancellationToken);
}

/// <summary>The state of a task by its provider.</summary>
internal sealed record VideoTaskReport
{
    public required string Id { get; init; }
    public string? RequestKey { get; init; }
    public string? Model { get; init; }
    public required VideoTaskStatus Status { get; init; }
    public string? RawStatus { get; init; }
    public int? Progress { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }
    public DateTimeOffset? CompletedAt { get; init; }
    public int? EstimatedSeconds { get; init; }
    public decimal? Cost { get; init; }
    public decimal? Credits { get; init; }
    public IReadOnlyList<VideoResult> Videos { get; init; } = [];
    public VideoTaskError? Error { get; init; }

    /// <summary>
    /// A response to a submission only shows that it was accepted: a replay may name a task that has ended long ago,
    /// without its videos or its error. Such a task stays open until it is read.
    /// </summary>
    public VideoTaskReport AsAccepted() =>
        Status.IsTerminal() && Videos.Count == 0
        ? this with { Status = VideoTaskStatus.InProgress, Error = null }
        : this;
}

/// <summary>What an account has left, in the provider's own unit.</summary>
/// <param name="Remaining">What is left; null when the provider does not say.</param>
/// <param name="Used">What was used.</param>
/// <param name="IsUnlimited">Whether the account has no limit.</param>
public sealed record Balance(decimal? Remaining, decimal? Used, bool IsUnlimited)
{
    /// <summary>What is left in the provider's credits; null when the answer does not state credits.</summary>
    public decimal? Credits { get; init; }

    /// <summary>What is left, in figures or words.</summary>
    public override string ToString() =>
        IsUnlimited ? "unlimited" : Remaining is { } left ? FormattableString.Invariant($"{left:0.##}") : "unknown";
}
