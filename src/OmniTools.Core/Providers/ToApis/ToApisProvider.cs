using System.Text.Json;
using OmniTools.Catalog;
using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.VideoTasks;

namespace OmniTools.Providers.ToApis;

/// <summary>
/// ToAPIs: the request key travels in the body as <c>client_business_id</c>, and a task can be read by it.
/// </summary>
internal sealed class ToApisProvider(ProviderSpec spec, ProviderTransport transport) : IVideoProvider
{
    /// <summary>
    /// How long a result's URL lives when the answer does not say: 24 hours, by the provider's documentation.
    /// </summary>
    private static readonly TimeSpan ResultLifetime = TimeSpan.FromHours(24);

    public ProviderSpec Spec => spec;

    public ProviderTransport Transport => transport;

    public ApiRequest WriteSubmit(CheckedRequest request, string requestKey)
    {
        var body = RequestBody.Build(request);
        body["client_business_id"] = requestKey;
        return new(HttpMethod.Post, ProviderHttpExtensions.Generations)
        {
            Timeout = HttpConstants.SubmitTimeout,
            Body = RequestBody.ToBytes(body),
        };
    }

    public VideoTaskReport? ReadSubmit(ApiResponse answer) => Parse(answer)?.AsAccepted();

    public async Task<VideoTaskReport?> FindTaskByKeyAsync(string requestKey, CancellationToken cancellationToken)
    {
        try
        {
            var report = await GetTaskAsync(requestKey, cancellationToken);
            return report.RequestKey is null || report.RequestKey == requestKey
                ? report
                : throw CreateOtherKeyError(requestKey);
        }
        catch (OmniException failure)
            when (failure.Kind == OmniErrorKind.NotFound
            && (failure.ProviderCode ?? failure.ProviderMessage) is not null)
        {
            // The provider's own words; a 404 of something on the way says nothing about the task.
            return null;
        }
    }

    public async Task<VideoTaskReport> GetTaskAsync(string taskId, CancellationToken cancellationToken)
    {
        var answer = await this.ReadAsync(
            new(HttpMethod.Get, $"{ProviderHttpExtensions.Generations}/{ApiRequest.Segment(taskId)}"),
            cancellationToken, taskId);
        return Parse(answer) ?? throw this.CreateUnexpectedError(answer, taskId);
    }

    public Task<Balance> GetBalanceAsync(CancellationToken cancellationToken) =>
        this.ReadBalanceAsync(cancellationToken);

    public Task<IReadOnlyList<string>> ListModelsAsync(CancellationToken cancellationToken) =>
        this.ReadModelsAsync("/v1/models?type=video", cancellationToken);

    public Task<string> UploadImageAsync(string path, string mediaType, CancellationToken cancellationToken) =>
        this.UploadAsync("/v1/uploads/images", path, mediaType, cancellationToken);

    private OmniException CreateOtherKeyError(string requestKey) =>
        new(OmniErrorKind.ProviderUnavailable, $"{spec.Name} answered with the task of another request key", new()
        {
            WasSent = true,
            Provider = spec.Id,
            RequestKey = requestKey,
        });

    private static VideoTaskReport? Parse(ApiResponse answer)
    {
        if (ProviderHttpExtensions.ParseJson(answer, ToApisJson.Default.ToApisTask) is not { } body
            || JsonValueReader.ReadId(body.Id) is not { } id)
            return null;
        var status = ProviderStatusMapper.Map(JsonValueReader.ReadText(body.Status));
        var completedAt = JsonValueReader.ReadTime(body.CompletedAt);
        var expiresAt = JsonValueReader.ReadTime(body.ExpiresAt) ?? completedAt + ResultLifetime;
        var videos = status == VideoTaskStatus.Completed
            ? ReadUrls(body).Select(url => new VideoResult { Url = url, ExpiresAt = expiresAt }).ToList()
            : [];
        var hasNoVideo = status == VideoTaskStatus.Completed && videos.Count == 0;
        return new()
        {
            Id = id,
            RequestKey = JsonValueReader.ReadText(body.ClientBusinessId),
            Model = ProviderText.Clean(JsonValueReader.ReadText(body.Model)),
            Status = hasNoVideo ? VideoTaskStatus.Failed : status,
            RawStatus = ProviderText.Clean(JsonValueReader.ReadText(body.Status)),
            Progress = JsonValueReader.ReadProgress(body.Progress),
            CreatedAt = JsonValueReader.ReadTime(body.CreatedAt),
            CompletedAt = completedAt,
            Videos = videos,
            Error = hasNoVideo ? ProviderErrors.NoVideo : status is VideoTaskStatus.Failed
                ? ProviderErrors.FromTask(body.Error)
                : null,
        };
    }

    private static IEnumerable<string> ReadUrls(ToApisWire.TaskBody body)
    {
        var listed = body.Result is { ValueKind: JsonValueKind.Object } result
            && result.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Array
            ? data.EnumerateArray().Where(
            each => each.ValueKind == JsonValueKind.Object && each.TryGetProperty("url", out _))
            .SelectMany(each => JsonValueReader.ReadTexts(each.GetProperty("url"))).ToList()
            : [];
        return listed.Count > 0 ? listed : JsonValueReader.ReadTexts(body.Url);
    }
}
