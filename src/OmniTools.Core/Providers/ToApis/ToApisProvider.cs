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
            // Only a 404 in the provider's own words; one of a proxy means nothing for the task.
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

    private static VideoTaskReport? Parse(ApiResponse answer) => JsonValueReader.ReadJson(answer.Body, ReadTask);

    private static VideoTaskReport? ReadTask(JsonElement body)
    {
        if (JsonValueReader.ReadId(body.Get("id")) is not { } id)
            return null;
        var rawStatus = JsonValueReader.ReadText(body.Get("status"));
        var status = ProviderStatusMapper.Map(rawStatus);
        var completedAt = JsonValueReader.ReadTime(body.Get("completed_at"));
        var expiresAt = JsonValueReader.ReadTime(body.Get("expires_at")) ?? completedAt + ResultLifetime;
        var videos = status == VideoTaskStatus.Completed
            ? ReadUrls(body).Select(url => new VideoResult { Url = url, ExpiresAt = expiresAt }).ToList()
            : [];
        var hasNoVideo = status == VideoTaskStatus.Completed && videos.Count == 0;
        return new()
        {
            Id = id,
            RequestKey = JsonValueReader.ReadText(body.Get("client_business_id")),
            Model = ProviderText.Clean(JsonValueReader.ReadText(body.Get("model"))),
            Status = hasNoVideo ? VideoTaskStatus.Failed : status,
            RawStatus = ProviderText.Clean(rawStatus),
            Progress = JsonValueReader.ReadProgress(body.Get("progress")),
            CreatedAt = JsonValueReader.ReadTime(body.Get("created_at")),
            CompletedAt = completedAt,
            Videos = videos,
            Error = hasNoVideo ? ProviderErrors.NoVideo
                : status is VideoTaskStatus.Failed ? ProviderErrors.FromTask(body.Get("error"))
                : null,
        };
    }

    private static IEnumerable<string> ReadUrls(JsonElement body)
    {
        var listed = JsonValueReader.ReadObjects(body.Get("result")?.Get("data"))
            .SelectMany(each => JsonValueReader.ReadTexts(each.Get("url"))).ToList();
        return listed.Count > 0 ? listed : JsonValueReader.ReadTexts(body.Get("url"));
    }
}
