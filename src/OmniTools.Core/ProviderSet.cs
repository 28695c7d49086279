using System.Collections.Concurrent;
using OmniTools.Catalog;
using OmniTools.Configuration;
using OmniTools.Diagnostics;
using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.Providers;
using OmniTools.Providers.ApiMart;
using OmniTools.Providers.ToApis;

namespace OmniTools;

/// <summary>
/// The providers of one client, each created when it is first used, with shared connection pools.
/// </summary>
internal sealed class ProviderSet : IDisposable
{
    private readonly OmniSettings settings;
    private readonly Lazy<HttpMessageInvoker> http;
    private readonly Lazy<HttpMessageInvoker> direct;
    private readonly ConcurrentDictionary<(string Id, RetryPolicy Policy), IVideoProvider> made = new();

    public ProviderSet(OmniSettings settings, OmniClientOptions options)
    {
        this.settings = settings;
        Randomizer = options.Randomizer ?? DefaultRandomizer.NextDouble;
        Breakers = options.Breakers
            ?? (options.Handler is null && options.TimeProvider == TimeProvider.System
            ? CircuitBreakers.Process
            : new(options.TimeProvider, Randomizer));
        Retry = new(options.TimeProvider, Randomizer, Breakers);
        http = Invoker(useProxy: true);
        direct = Invoker(useProxy: false);

        Lazy<HttpMessageInvoker> Invoker(bool useProxy) =>
            new(() => new(options.Handler ?? CreateHandler(useProxy), disposeHandler: options.Handler is null));
    }

    /// <summary>The client's randomness, for delays.</summary>
    public Func<double> Randomizer { get; }

    /// <summary>The circuit breakers that all calls pass.</summary>
    public CircuitBreakers Breakers { get; }

    /// <summary>The retries of all calls.</summary>
    public Retry Retry { get; }

    /// <summary>The provider of a catalog entry, for interactive calls.</summary>
    public IVideoProvider GetProvider(ProviderSpec spec) => GetProvider(spec, RetryPolicy.Interactive);

    /// <summary>The same provider, with another retry policy.</summary>
    public IVideoProvider GetProvider(ProviderSpec spec, RetryPolicy policy) =>
        made.GetOrAdd((spec.Id, policy), key => CreateProvider(spec, Retry.With(key.Policy)));

    /// <summary>Where a provider's API is: the catalog's address, or the one configured instead.</summary>
    public Uri GetBaseAddress(ProviderSpec spec) => settings.GetProviderSettings(spec).BaseAddress is { } configured
        ? BaseAddress.Parse(configured, spec.BaseVariable)
        : new Uri(spec.BaseAddress);

    public void Dispose()
    {
        if (http.IsValueCreated)
            http.Value.Dispose();
        if (direct.IsValueCreated)
            direct.Value.Dispose();
    }

    private IVideoProvider CreateProvider(ProviderSpec spec, Retry retry)
    {
        var address = GetBaseAddress(spec);
        // Loopback requests bypass the proxy: they may be plain HTTP, and the proxy's loopback is a different machine.
        var transport = new ProviderTransport(BaseAddress.IsLoopback(address) ? direct : http, spec.Name, address,
            settings.GetProviderSettings(spec).Key, () => CreateMissingKeyError(spec), retry);
        var keySource = settings.GetProviderSettings(spec).KeySource ?? "nowhere";
        OmniTrace.Debug($"{spec.Name} at {transport.BaseAddress.Host}, key from {keySource}");
        return spec.Id switch
        {
            "toapis" => new ToApisProvider(spec, transport),
            "apimart" => new ApiMartProvider(spec, transport),
            _ => throw new InvalidOperationException($"The catalog names a provider without an adapter: {spec.Id}."),
        };
    }

    private static OmniException CreateMissingKeyError(ProviderSpec spec) =>
        new(OmniErrorKind.Authentication, $"There is no API key for {spec.Name}", new()
        {
            Charged = Charged.No, // Nothing was sent.
            Field = spec.KeyVariable,
            Provider = spec.Id,
            NextStep = $"Set {spec.KeyVariable}, or OMNI_SANDBOX=1 to try everything without a key",
        });

    private static SocketsHttpHandler CreateHandler(bool useProxy) => new()
    {
        UseProxy = useProxy,
        AllowAutoRedirect = false,
        UseCookies = false,
        // No trace header of the calling program is sent to a provider.
        ActivityHeadersPropagator = null,
        ConnectTimeout = HttpConstants.ConnectTimeout,
        PooledConnectionLifetime = HttpConstants.ConnectionLifetime,
    };
}
