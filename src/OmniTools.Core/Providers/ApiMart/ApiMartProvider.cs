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

    private static VideoTaskReport? Parse(ApiResponse answer) => JsonValueReader.ReadJson(answer.Body, ReadTask);

    private static VideoTaskReport? ReadTask(JsonElement root)
    {
        // {"code":200,"data":[{…}]} for the POST, {"code":200,"data":{…}} for a read, and either for both in the
        // provider's newer versions.
        var data = root.Get("data");
        if (data is { ValueKind: JsonValueKind.Array } array && array.GetArrayLength() > 0)
            data = array[0];
        if (data is not { } body
            || (JsonValueReader.ReadId(body.Get("id")) ?? JsonValueReader.ReadId(body.Get("task_id"))) is not { } id)
            return null;
        var rawStatus = JsonValueReader.ReadText(body.Get("status"));
        var status = ProviderStatusMapper.Map(rawStatus);
        var videos = status == VideoTaskStatus.Completed ? ReadVideos(body).ToList() : [];
        var hasNoVideo = status == VideoTaskStatus.Completed && videos.Count == 0;
        var credits = JsonValueReader.ReadAmount(body.Get("credits_cost"));
        var error = hasNoVideo ? ProviderErrors.NoVideo
            : status is VideoTaskStatus.Failed ? ProviderErrors.FromTask(body.Get("error"))
            : null;
        return new()
        {
            Id = id,
            Status = hasNoVideo ? VideoTaskStatus.Failed : status,
            RawStatus = ProviderText.Clean(rawStatus),
            Progress = JsonValueReader.ReadProgress(body.Get("progress")),
            CreatedAt = JsonValueReader.ReadTime(body.Get("created")),
            CompletedAt = JsonValueReader.ReadTime(body.Get("completed")),
            EstimatedSeconds = JsonValueReader.ReadSeconds(body.Get("estimated_time")),
            Cost = JsonValueReader.ReadAmount(body.Get("cost")),
            Credits = credits,
            Videos = videos,
            // A failed task is refunded, by the provider's documentation; the task itself says so with a cost of 0.
            Error = credits == 0 && error is not null ? error with { Charged = Charged.No } : error,
        };
    }

    private static IEnumerable<VideoResult> ReadVideos(JsonElement body) =>
        from video in JsonValueReader.ReadObjects(body.Get("result")?.Get("videos"))
        from url in JsonValueReader.ReadTexts(video.Get("url"))
        select new VideoResult { Url = url, ExpiresAt = JsonValueReader.ReadTime(video.Get("expires_at")) };
}
