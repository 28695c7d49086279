using OmniTools.Catalog;
using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.Providers;
using OmniTools.Providers.ApiMart;
using OmniTools.Providers.ToApis;
using OmniTools.Testing;

namespace OmniTools.Tests;

/// <summary>Transports and providers as the client makes them, over a handler of this test's own.</summary>
internal static class Wire
{
    public static ProviderTransport Transport(string address, string? key, TimeProvider time, HttpMessageHandler? handler = null, Func<double>? random = null) =>
        new(new Lazy<HttpMessageInvoker>(() => new(handler ?? Handler())), "The provider", BaseAddress.Parse(address, "TEST_BASE_URL"), key is null ? null : new ApiKey(key),
            () => new OmniException(OmniErrorKind.Authentication, "No API key is configured"), Retry(time, random));

    public static Retry Retry(TimeProvider time, Func<double>? random = null, RetryPolicy? policy = null) =>
        new(time, random ?? (() => 0.5), new(time, random ?? (() => 0.5)), policy);

    public static ProviderTransport Transport(LoopbackProvider server, TimeProvider time) =>
        Transport(server.BaseAddress, server.ApiKey, time);

    public static IVideoProvider Provider(LoopbackProvider server, TimeProvider? time = null)
    {
        var spec = ModelCatalog.Provider(server.ProviderId);
        var transport = Transport(server, time ?? new ManualClock { AutoAdvance = true });
        return server.Contract == Contract.ToApis ? new ToApisProvider(spec, transport) : new ApiMartProvider(spec, transport);
    }

    /// <summary>A provider that is never called: for bytes alone.</summary>
    public static IVideoProvider Unreachable(string id, DateTimeOffset? now = null)
    {
        var spec = ModelCatalog.Provider(id);
        var transport = Transport("https://provider.invalid", "sk-unused", new ManualClock(now));
        return id == "toapis" ? new ToApisProvider(spec, transport) : new ApiMartProvider(spec, transport);
    }

    public static SocketsHttpHandler Handler() => new() { AllowAutoRedirect = false, UseProxy = false, UseCookies = false };
}
