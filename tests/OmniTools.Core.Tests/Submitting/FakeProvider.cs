using OmniTools.Catalog;
using OmniTools.Http;
using OmniTools.Providers;

namespace OmniTools.Core.Tests.Submitting;

/// <summary>A provider of which a test says itself what it answers.</summary>
internal sealed class FakeProvider(IVideoProvider inner) : IVideoProvider
{
    public Func<VideoTaskReport?>? Read { get; init; }

    public Func<string>? Upload { get; init; }

    public Func<Task<VideoTaskReport?>>? Find { get; init; }

    public Func<string, VideoTaskReport>? Get { get; init; }

    public ProviderSpec Spec => inner.Spec;

    public ProviderTransport Transport => inner.Transport;

    public ApiRequest WriteSubmit(CheckedRequest request, string requestKey) => inner.WriteSubmit(request, requestKey);

    public VideoTaskReport? ReadSubmit(ApiResponse answer) => Read!();

    public Task<VideoTaskReport?> FindTaskByKeyAsync(string requestKey, CancellationToken cancellationToken) => Find!();

    public Task<VideoTaskReport> GetTaskAsync(string taskId, CancellationToken cancellationToken) =>
        Task.FromResult(Get!(taskId));

    public Task<Balance> GetBalanceAsync(CancellationToken cancellationToken) =>
        inner.GetBalanceAsync(cancellationToken);

    public Task<IReadOnlyList<string>> ListModelsAsync(CancellationToken cancellationToken) =>
        inner.ListModelsAsync(cancellationToken);

    public Task<string> UploadImageAsync(string path, string mediaType, CancellationToken cancellationToken) =>
        Task.FromResult(Upload!());
}
