using OmniTools.Http;
using OmniTools.Providers;
using OmniTools.Requests;

namespace OmniTools.Core.Tests.Submitting;

/// <summary>A provider of which a test says itself how it reads an answer or takes an upload.</summary>
internal sealed class FakeProvider(IVideoProvider inner) : IVideoProvider
{
    public Func<TaskReport?>? Read { get; init; }

    public Func<string>? Upload { get; init; }

    public ProviderSpec Spec => inner.Spec;

    public ProviderTransport Transport => inner.Transport;

    public WireRequest WriteSubmit(VideoRequest request, string requestKey) => inner.WriteSubmit(request, requestKey);

    public TaskReport? ReadSubmit(WireAnswer answer) => Read is null ? inner.ReadSubmit(answer) : Read();

    public Task<TaskReport?> FindByKeyAsync(string requestKey, CancellationToken stop) => inner.FindByKeyAsync(requestKey, stop);

    public Task<TaskReport> GetAsync(string taskId, CancellationToken stop) => inner.GetAsync(taskId, stop);

    public Task<Balance> GetBalanceAsync(CancellationToken stop) => inner.GetBalanceAsync(stop);

    public Task<string> UploadImageAsync(string path, string mediaType, CancellationToken stop) =>
        Upload is null ? inner.UploadImageAsync(path, mediaType, stop) : Task.FromResult(Upload());
}
