using OmniTools.Catalog;
using OmniTools.Configuration;
using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.Providers;
using OmniTools.Providers.ApiMart;
using OmniTools.Providers.ToApis;

namespace OmniTools.Core.Tests;

/// <summary>Transports and providers as the client makes them, over a handler of this test's own.</summary>
internal static class TestProviders
{
    public static ProviderTransport Transport(string address, string? key, TimeProvider timeProvider,
        HttpMessageHandler? handler = null, Func<double>? random = null) =>
        new(new Lazy<HttpMessageInvoker>(() => new(handler ?? Handler())), "The provider",
        BaseAddress.Parse(address, "TEST_BASE_URL"), key is null ? null : new ApiKey(key),
            () => new OmniException(OmniErrorKind.Authentication, "No API key is configured"),
            Retry(timeProvider, random));

    public static Retry Retry(TimeProvider timeProvider, Func<double>? random = null, RetryPolicy? policy = null) =>
        new(timeProvider, random ?? (() => 0.5), new(timeProvider, random ?? (() => 0.5)), policy);

    public static ProviderTransport Transport(LoopbackProvider server, TimeProvider timeProvider) =>
        Transport(server.BaseAddress, server.ApiKey, timeProvider);

    public static IVideoProvider Provider(LoopbackProvider server, TimeProvider? timeProvider = null)
    {
        var spec = ModelCatalog.Provider(server.ProviderId);
        var transport = Transport(server, timeProvider ?? new TestTimeProvider { AutoAdvance = true });
        return server.Contract == Contract.ToApis
            ? new ToApisProvider(spec, transport)
            : new ApiMartProvider(spec, transport);
    }

    /// <summary>A provider that is never called: for bytes alone.</summary>
    public static IVideoProvider Unreachable(string id, DateTimeOffset? now = null)
    {
        var spec = ModelCatalog.Provider(id);
        var transport = Transport("https://provider.invalid", "sk-unused", new TestTimeProvider(now));
        return id == "toapis" ? new ToApisProvider(spec, transport) : new ApiMartProvider(spec, transport);
    }

    public static SocketsHttpHandler Handler() =>
        new() { AllowAutoRedirect = false, UseProxy = false, UseCookies = false };
}
