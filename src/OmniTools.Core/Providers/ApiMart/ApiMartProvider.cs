using System.Text.Json;
using OmniTools.Catalog;
using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.VideoTasks;

namespace OmniTools.Providers.ApiMart;

/// <summary>
/// APIMart: the request key travels as <c>Idempotency-Key</c>; an unknown outcome is settled by the same POST, which
/// replays.
/// </summary>
internal sealed class ApiMartProvider(ProviderSpec spec, ProviderTransport transport) : IVideoProvider
{
    public ProviderSpec Spec => spec;

    public ProviderTransport Transport => transport;

    public ApiRequest WriteSubmit(CheckedRequest request, string requestKey) =>
        new(HttpMethod.Post, ProviderHttpExtensions.Generations)
        {
            IdempotencyKey = requestKey,
            Timeout = HttpConstants.SubmitTimeout,
            Body = RequestBody.ToBytes(RequestBody.Build(request)),
        };

    public VideoTaskReport? ReadSubmit(ApiResponse answer) => Parse(answer)?.AsAccepted();

    public Task<VideoTaskReport?> FindTaskByKeyAsync(string requestKey, CancellationToken cancellationToken) =>
        throw new NotSupportedException("APIMart reads no task by its request key: send the same request again.");

    public async Task<VideoTaskReport> GetTaskAsync(string taskId, CancellationToken cancellationToken)
    {
        var answer = await this.ReadAsync(new(HttpMethod.Get, $"/v1/tasks/{ApiRequest.Segment(taskId)}?language=en"),
            cancellationToken, taskId);
        return Parse(answer) ?? throw this.CreateUnexpectedError(answer, taskId);
    }

    public Task<Balance> GetBalanceAsync(CancellationToken cancellationToken) =>
        this.ReadBalanceAsync(cancellationToken);

    public Task<IReadOnlyList<string>> ListModelsAsync(CancellationToken cancellationToken) =>
        this.ReadModelsAsync("/v1/models?expand=parameters&category=video", cancellationToken);

    public Task<string> UploadImageAsync(string path, string mediaType, CancellationToken cancellationToken) =>
        this.UploadAsync("/v1/uploads/images", path, mediaType, cancellationToken);

    private static VideoTaskReport? Parse(ApiResponse answer)
    {
        if (ParseBody(answer) is not { } body
            || (JsonValueReader.ReadId(body.Id) ?? JsonValueReader.ReadId(body.TaskId)) is not { } id)
            return null;
        var status = ProviderStatusMapper.Map(JsonValueReader.ReadText(body.Status));
        var videos = status == VideoTaskStatus.Completed ? ReadVideos(body).ToList() : [];
        var hasNoVideo = status == VideoTaskStatus.Completed && videos.Count == 0;
        return new()
        {
            Id = id,
            Status = hasNoVideo ? VideoTaskStatus.Failed : status,
            RawStatus = ProviderText.Clean(JsonValueReader.ReadText(body.Status)),
            Progress = JsonValueReader.ReadProgress(body.Progress),
            CreatedAt = JsonValueReader.ReadTime(body.Created),
            CompletedAt = JsonValueReader.ReadTime(body.Completed),
            EstimatedSeconds = JsonValueReader.ReadSeconds(body.EstimatedTime),
            Cost = JsonValueReader.ReadAmount(body.Cost),
            Credits = JsonValueReader.ReadAmount(body.CreditsCost),
            Videos = videos,
            Error = WithRefund(hasNoVideo ? ProviderErrors.NoVideo
                : status is VideoTaskStatus.Failed ? ProviderErrors.FromTask(body.Error) : null, body),
        };
    }

    // A failed task is refunded, by the provider's documentation; the task itself says so with a cost of 0.
    private static VideoTaskError? WithRefund(VideoTaskError? error, ApiMartWire.TaskBody body) =>
        error is not null && JsonValueReader.ReadAmount(body.CreditsCost) == 0
        ? error with { Charged = Charged.No }
        : error;

    // {"code":200,"data":[{…}]} for the POST, {"code":200,"data":{…}} for a read, and either for both in the provider's
    // newer versions.
    private static ApiMartWire.TaskBody? ParseBody(ApiResponse answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer.Body);
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("data", out var data))
                return null;
            if (data.ValueKind == JsonValueKind.Array && data.GetArrayLength() > 0)
                data = data[0];
            return data.ValueKind == JsonValueKind.Object ? data.Deserialize(ApiMartJson.Default.ApiMartTask) : null;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static IEnumerable<VideoResult> ReadVideos(ApiMartWire.TaskBody body) =>
        from video in body.Result is { ValueKind: JsonValueKind.Object } result
        && result.TryGetProperty("videos", out var videos) && videos.ValueKind == JsonValueKind.Array
            ? videos.EnumerateArray().Where(each => each.ValueKind == JsonValueKind.Object)
            : []
        from url in video.TryGetProperty("url", out var urls) ? JsonValueReader.ReadTexts(urls) : []
        select new VideoResult
        {
            Url = url,
            ExpiresAt =
        video.TryGetProperty("expires_at", out var at) ? JsonValueReader.ReadTime(at) : null
        };
}
