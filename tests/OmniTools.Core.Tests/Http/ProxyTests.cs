using System.Net;
using OmniTools.Configuration;
using OmniTools.Errors;

namespace OmniTools.Core.Tests.Http;

/// <summary>
/// What goes past a configured proxy. It changes the proxy of the whole process, so nothing else runs meanwhile.
/// </summary>
[CollectionDefinition(nameof(ProxyTests), DisableParallelization = true)]
[Collection(nameof(ProxyTests))]
public sealed class ProxyTests : IDisposable
{
    private readonly IWebProxy before = HttpClient.DefaultProxy;
    private readonly RawServer proxy = new("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n");

    public ProxyTests() => HttpClient.DefaultProxy = new WebProxy(proxy.Address);

    public void Dispose()
    {
        HttpClient.DefaultProxy = before;
        proxy.Dispose();
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task Proxy_LoopbackAddress_IsBypassed(string host)
    {
        await using var server = await LoopbackProvider.StartAsync(Contract.ToApis);
        await using var client = Client(server.Folder, server.ApiKey,
            server.BaseAddress.Replace("127.0.0.1", host, StringComparison.Ordinal));
        Assert.Equal(1000m, (await client.GetBalanceAsync()).Remaining);
        Assert.Empty(proxy.Requests);
    }

    [Fact]
    public async Task Proxy_HttpsAddress_IsTunnelledWithoutShowingTheKey()
    {
        using var folder = new TemporaryFolder();
        await using var client = Client(folder, "sk-recognisable-1234567890", "https://provider.invalid");
        await Assert.ThrowsAsync<OmniException>(() => client.GetBalanceAsync());
        Assert.All(proxy.Requests,
            request => Assert.StartsWith("CONNECT provider.invalid:443", request, StringComparison.Ordinal));
        Assert.NotEmpty(proxy.Requests);
        Assert.All(proxy.Requests,
            request => Assert.DoesNotContain("sk-recognisable", request, StringComparison.Ordinal));
    }

    private static OmniClient Client(TemporaryFolder folder, string key, string address) => new(
        new OmniSettings
        {
            Providers = new Dictionary<string, ProviderSettings>
            {
                ["toapis"] = new() { Key = new ApiKey(key), BaseAddress = address },
            },
            DefaultProvider = "toapis",
            Home = folder["home"],
            OutputRoot = folder["output"],
        },
        TestSettings.Options with { TimeProvider = new TestTimeProvider { AutoAdvance = true } });
}
