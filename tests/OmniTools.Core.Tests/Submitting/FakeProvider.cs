using OmniTools.Catalog;
using OmniTools.Http;
using OmniTools.Providers;
using OmniTools.Requests;

namespace OmniTools.Core.Tests.Submitting;

/// <summary>A provider of which a test says itself what it answers.</summary>
internal sealed class FakeProvider(IVideoProvider inner) : IVideoProvider
{
    public Func<TaskReport?>? Read { get; init; }

    public Func<string>? Upload { get; init; }

    public Func<Task<TaskReport?>>? Find { get; init; }

    public Func<string, TaskReport>? Get { get; init; }

    public ProviderSpec Spec => inner.Spec;

    public ProviderTransport Transport => inner.Transport;

    public WireRequest WriteSubmit(VideoRequest request, string requestKey) => inner.WriteSubmit(request, requestKey);

    public TaskReport? ReadSubmit(WireAnswer answer) => Read!();

    public Task<TaskReport?> FindByKeyAsync(string requestKey, CancellationToken stop) => Find!();

    public Task<TaskReport> GetAsync(string taskId, CancellationToken stop) => Task.FromResult(Get!(taskId));

    public Task<Balance> GetBalanceAsync(CancellationToken stop) => inner.GetBalanceAsync(stop);

    public Task<string> UploadImageAsync(string path, string mediaType, CancellationToken stop) => Task.FromResult(Upload!());
}
