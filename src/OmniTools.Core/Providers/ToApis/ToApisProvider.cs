using System.Text.Json;
using OmniTools.Catalog;
using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.Requests;
using OmniTools.Tasks;

namespace OmniTools.Providers.ToApis;

/// <summary>ToAPIs: the request key travels in the body as <c>client_business_id</c>, and a task can be read by it.</summary>
internal sealed class ToApisProvider(ProviderSpec spec, ProviderTransport transport) : IVideoProvider
{
    /// <summary>How long a result's URL lives when the answer does not say: 24 hours, by the provider's documentation.</summary>
    private static readonly TimeSpan ResultLifetime = TimeSpan.FromHours(24);

    public ProviderSpec Spec => spec;

    public ProviderTransport Transport => transport;

    public WireRequest WriteSubmit(VideoRequest request, string requestKey) => new(HttpMethod.Post, WireCalls.Generations)
    {
        Timeout = HttpConstants.SubmitTimeout,
        Body = WireCalls.Write(
            new()
            {
                Model = request.Model!,
                Prompt = request.Prompt,
                AspectRatio = request.AspectRatio,
                Duration = request.Duration,
                Resolution = request.Resolution,
                ImageUrls = request.Images.Count > 0 ? request.Images : null,
                ClientBusinessId = requestKey,
            }, WireJson.Default.ToApisSubmit),
    };

    public TaskReport? ReadSubmit(WireAnswer answer) => Parse(answer)?.AsAccepted();

    public async Task<TaskReport?> FindByKeyAsync(string requestKey, CancellationToken stop)
    {
        try
        {
            var report = await GetAsync(requestKey, stop);
            return report.RequestKey is null || report.RequestKey == requestKey ? report : throw AnotherKey(requestKey);
        }
        catch (OmniException failure) when (failure.Kind == OmniErrorKind.NotFound && (failure.ProviderCode ?? failure.ProviderMessage) is not null)
        {
            // The provider's own words; a 404 of something on the way says nothing about the task.
            return null;
        }
    }

    public async Task<TaskReport> GetAsync(string taskId, CancellationToken stop)
    {
        var answer = await this.ReadAsync(new(HttpMethod.Get, $"{WireCalls.Generations}/{WireRequest.Segment(taskId)}"), stop, taskId);
        return Parse(answer) ?? throw (ProviderErrors.Read(answer.Body) is null ? ProviderErrors.Malformed(spec, answer, Charged.No, taskId) : ProviderErrors.Of(answer, spec, this.Now(), Charged.No, taskId));
    }

    public Task<Balance> GetBalanceAsync(CancellationToken stop) => this.ReadBalanceAsync(stop);

    public Task<string> UploadImageAsync(string path, string mediaType, CancellationToken stop) => this.UploadAsync("/v1/uploads/images", path, mediaType, stop);

    private OmniException AnotherKey(string requestKey) => new(OmniErrorKind.ProviderUnavailable, $"{spec.Name} answered with the task of another request key")
    {
        WasSent = true,
        Provider = spec.Id,
        RequestKey = requestKey,
    };

    private static TaskReport? Parse(WireAnswer answer)
    {
        if (WireCalls.Parse(answer, WireJson.Default.ToApisTask) is not { } body || WireValues.Id(body.Id) is not { } id)
            return null;
        var status = StatusWords.Read(WireValues.Text(body.Status));
        var completedAt = WireValues.Time(body.CompletedAt);
        var expiresAt = WireValues.Time(body.ExpiresAt) ?? completedAt + ResultLifetime;
        var videos = status == VideoTaskStatus.Completed
            ? Urls(body).Select(url => new VideoResult { Url = url, ExpiresAt = expiresAt }).ToList()
            : [];
        var hasNoVideo = status == VideoTaskStatus.Completed && videos.Count == 0;
        return new()
        {
            Id = id,
            RequestKey = WireValues.Text(body.ClientBusinessId),
            Model = ProviderText.Clean(WireValues.Text(body.Model)),
            Status = hasNoVideo ? VideoTaskStatus.Failed : status,
            RawStatus = ProviderText.Clean(WireValues.Text(body.Status)),
            Progress = WireValues.Progress(body.Progress),
            CreatedAt = WireValues.Time(body.CreatedAt),
            CompletedAt = completedAt,
            Videos = videos,
            Error = hasNoVideo ? ProviderErrors.NoVideo : status is VideoTaskStatus.Failed ? ProviderErrors.OfTask(body.Error) : null,
        };
    }

    private static IEnumerable<string> Urls(ToApisWire.TaskBody body)
    {
        var listed = body.Result is { ValueKind: JsonValueKind.Object } result && result.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Array
            ? data.EnumerateArray().Where(each => each.ValueKind == JsonValueKind.Object && each.TryGetProperty("url", out _)).SelectMany(each => WireValues.Texts(each.GetProperty("url"))).ToList()
            : [];
        return listed.Count > 0 ? listed : WireValues.Texts(body.Url);
    }
}
