using System.Text.Json;
using OmniTools.Catalog;
using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.Requests;
using OmniTools.Tasks;

namespace OmniTools.Providers.ApiMart;

/// <summary>APIMart: the request key travels as <c>Idempotency-Key</c>; an unknown outcome is settled by the same POST, which replays.</summary>
internal sealed class ApiMartProvider(ProviderSpec spec, ProviderTransport transport) : IVideoProvider
{
    public ProviderSpec Spec => spec;

    public ProviderTransport Transport => transport;

    public WireRequest WriteSubmit(VideoRequest request, string requestKey) => new(HttpMethod.Post, WireCalls.Generations)
    {
        IdempotencyKey = requestKey,
        Timeout = HttpConstants.SubmitTimeout,
        Body = WireCalls.Write(
            new()
            {
                Model = request.Model!,
                Prompt = request.Prompt,
                ImageUrls = request.Images.Count > 0 ? request.Images : null,
                VideoUrls = request.Videos.Count > 0 ? request.Videos : null,
                AspectRatio = request.AspectRatio,
                Resolution = request.Resolution,
                ExtendFromTaskId = request.ExtendFrom,
            }, WireJson.Default.ApiMartSubmit),
    };

    public TaskReport? ReadSubmit(WireAnswer answer) => Parse(answer)?.AsAccepted();

    public Task<TaskReport?> FindByKeyAsync(string requestKey, CancellationToken stop) =>
        throw new NotSupportedException("APIMart reads no task by its request key: send the same request again.");

    public async Task<TaskReport> GetAsync(string taskId, CancellationToken stop)
    {
        var answer = await this.ReadAsync(new(HttpMethod.Get, $"/v1/tasks/{WireRequest.Segment(taskId)}?language=en"), stop, taskId);
        return Parse(answer) ?? throw (ProviderErrors.Read(answer.Body) is null ? ProviderErrors.Malformed(spec, answer, Charged.No, taskId) : ProviderErrors.Of(answer, spec, this.Now(), Charged.No, taskId));
    }

    public Task<Balance> GetBalanceAsync(CancellationToken stop) => this.ReadBalanceAsync(stop);

    public Task<string> UploadImageAsync(string path, string mediaType, CancellationToken stop) => this.UploadAsync("/v1/uploads/images", path, mediaType, stop);

    private static TaskReport? Parse(WireAnswer answer)
    {
        if (Body(answer) is not { } body || (WireValues.Id(body.Id) ?? WireValues.Id(body.TaskId)) is not { } id)
            return null;
        var status = StatusWords.Read(WireValues.Text(body.Status));
        var videos = status == VideoTaskStatus.Completed ? Videos(body).ToList() : [];
        var hasNoVideo = status == VideoTaskStatus.Completed && videos.Count == 0;
        return new()
        {
            Id = id,
            Status = hasNoVideo ? VideoTaskStatus.Failed : status,
            RawStatus = ProviderText.Clean(WireValues.Text(body.Status)),
            Progress = WireValues.Progress(body.Progress),
            CreatedAt = WireValues.Time(body.Created),
            CompletedAt = WireValues.Time(body.Completed),
            EstimatedSeconds = WireValues.Seconds(body.EstimatedTime),
            Cost = WireValues.Amount(body.Cost),
            Credits = WireValues.Amount(body.CreditsCost),
            Videos = videos,
            Error = Refunded(hasNoVideo ? ProviderErrors.NoVideo
                : status is VideoTaskStatus.Failed ? ProviderErrors.OfTask(body.Error) : null, body),
        };
    }

    // A failed task is refunded, by the provider's documentation; the task itself says so with a cost of 0.
    private static TaskError? Refunded(TaskError? error, ApiMartWire.TaskBody body) =>
        error is not null && WireValues.Amount(body.CreditsCost) == 0 ? error with { Charged = Charged.No } : error;

    // {"code":200,"data":[{…}]} for the POST, {"code":200,"data":{…}} for a read, and either for both in the provider's newer versions.
    private static ApiMartWire.TaskBody? Body(WireAnswer answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer.Body);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("data", out var data))
                return null;
            if (data.ValueKind == JsonValueKind.Array && data.GetArrayLength() > 0)
                data = data[0];
            return data.ValueKind == JsonValueKind.Object ? data.Deserialize(WireJson.Default.ApiMartTask) : null;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static IEnumerable<VideoResult> Videos(ApiMartWire.TaskBody body) =>
        from video in body.Result is { ValueKind: JsonValueKind.Object } result && result.TryGetProperty("videos", out var videos) && videos.ValueKind == JsonValueKind.Array
            ? videos.EnumerateArray().Where(each => each.ValueKind == JsonValueKind.Object)
            : []
        from url in video.TryGetProperty("url", out var urls) ? WireValues.Texts(urls) : []
        select new VideoResult { Url = url, ExpiresAt = video.TryGetProperty("expires_at", out var at) ? WireValues.Time(at) : null };
}
