using OmniTools.Configuration;
using OmniTools.Storage;

namespace OmniTools.Testing;

/// <summary>
/// Settings for loopback providers: each with its own recognisable key, everything on disk below a temporary folder.
/// </summary>
public static class TestSettings
{
    /// <summary>What a client is given besides: the ledger that the settings name.</summary>
    public static OmniClientOptions Options { get; } = new() { LedgerFactory = LedgerStores.Open };

    /// <summary>For one provider, at home in its own folder.</summary>
    public static OmniSettings For(LoopbackProvider server) => For(server.Folder, server);

    /// <summary>For several providers (the first is the default), at home in <paramref name="folder"/>.</summary>
    public static OmniSettings For(TemporaryFolder folder, params LoopbackProvider[] servers) => new()
    {
        Providers = servers.ToDictionary(server => server.ProviderId, server => new ProviderSettings
        {
            Key = new ApiKey(server.ApiKey),
            KeySource = "test",
            BaseAddress = server.BaseAddress,
        }),
        DefaultProvider = servers[0].ProviderId,
        Home = folder["home"],
        OutputRoot = folder["output"],
    };
}
