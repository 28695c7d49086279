using System.Net;
using System.Net.Sockets;
using OmniTools.Errors;
using OmniTools.Saving;

namespace OmniTools.Core.Tests.Saving;

/// <summary>A result's address leads to the public internet or nowhere.</summary>
public sealed class AddressCheckTests
{
    [Theory]
    [InlineData("0.0.0.0"), InlineData("10.1.2.3"), InlineData("100.64.0.1"), InlineData("100.127.255.255")]
    [InlineData("127.0.0.1"), InlineData("127.8.8.8")]
    [InlineData("169.254.169.254"), InlineData("172.16.0.1"), InlineData("172.31.255.255"), InlineData("192.0.0.8")]
    [InlineData("192.0.2.1"), InlineData("192.168.1.1")]
    [InlineData("198.18.0.1"), InlineData("198.19.255.255"), InlineData("198.51.100.1"), InlineData("203.0.113.1")]
    [InlineData("224.0.0.1"), InlineData("240.0.0.1"), InlineData("255.255.255.255")]
    [InlineData("::"), InlineData("::1"), InlineData("::ffff:8.8.8.8"), InlineData("::ffff:10.0.0.1")]
    [InlineData("::8.8.8.8"), InlineData("64:ff9b::a00:1"), InlineData("64:ff9b:1::1")]
    [InlineData("100::1"), InlineData("2001::1"), InlineData("2001:0:53aa:64c::1"), InlineData("2001:2::1")]
    [InlineData("2001:db8::1"), InlineData("2002:a00:1::1"), InlineData("3fff::1")]
    [InlineData("fc00::1"), InlineData("fd12:3456::1"), InlineData("fe80::1"), InlineData("fec0::1")]
    [InlineData("ff02::1"), InlineData("2a00:1450::5efe:a00:1")]
    public void AddressCheck_PrivateAddress_IsNotPublic(string address) =>
    Assert.False(AddressCheck.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1"), InlineData("8.8.8.8"), InlineData("100.63.255.255"), InlineData("100.128.0.1")]
    [InlineData("172.15.0.1"), InlineData("172.32.0.1"), InlineData("192.167.1.1")]
    [InlineData("198.17.0.1"), InlineData("198.20.0.1"), InlineData("223.255.255.1"), InlineData("2606:4700::1111")]
    [InlineData("2a00:1450:4001::200e"), InlineData("2001:4860:4860::8888")]
    public void AddressCheck_PublicAddress_IsPublic(string address) =>
    Assert.True(AddressCheck.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("https://10.0.0.1/a"), InlineData("https://[fe80::1]/a"), InlineData("https://[::ffff:127.0.0.1]/a")]
    [InlineData("https://0x7f000001/a"), InlineData("https://2130706433/a")]
    [InlineData("https://localhost/a"), InlineData("https://localhost./a"), InlineData("https://127.0.0.1/a")]
    [InlineData("https://printer/a"), InlineData("https://nas.local/a"), InlineData("https://db.internal/a")]
    [InlineData("http://files.example/a"), InlineData("ftp://files.example/a"), InlineData("file:///etc/passwd")]
    [InlineData("https://user:pass@files.example/a")]
    public void AddressCheck_ForbiddenAddress_IsRefusedBeforeDns(string url) =>
        Assert.Equal(OmniErrorKind.OutputRefused,
        Assert.Throws<OmniException>(() => ResultHttpClient.Check(new Uri(url), allowLoopback: false)).Kind);

    [Theory]
    [InlineData("http://127.0.0.1:5/a", true), InlineData("http://localhost/a", true)]
    [InlineData("https://files.example/a", true), InlineData("https://files.example/a", false)]
    [InlineData("https://sandbox.omnitools.invalid/a", false)]
    public void AddressCheck_AllowedAddress_Passes(string url, bool allowLoopback) =>
    ResultHttpClient.Check(new Uri(url), allowLoopback);

    [Theory]
    [InlineData("192.168.0.9"), InlineData("169.254.169.254"), InlineData("::1"), InlineData("127.0.0.1")]
    public async Task AddressCheck_NameOfAPrivateAddress_IsRefusedWhileConnecting(string address)
    {
        var connection = new ResultConnectionFactory(allowLoopback: false,
            (_, _) => Task.FromResult(new[] { IPAddress.Parse(address) }));
        using var http = new HttpMessageInvoker(connection.CreateHandler());
        var failure = await Assert.ThrowsAsync<HttpRequestException>(
            () => http.SendAsync(new(HttpMethod.Get, "http://files.example/a"), TestContext.Current.CancellationToken));
        Assert.Equal(OmniErrorKind.OutputRefused, Assert.IsType<OmniException>(failure.GetBaseException()).Kind);
    }

    [Fact]
    public async Task AddressCheck_Connects_ToTheCheckedAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var asked = 0;
        var connection = new ResultConnectionFactory(allowLoopback: true,
            (_, _) => Task.FromResult(
            ++asked == 1 ? new[] { IPAddress.Parse("10.0.0.1"), IPAddress.Loopback } : [IPAddress.Parse("10.0.0.1")]));
        await using var stream = await connection.ConnectAsync(new("files.example", port), isProxy: false,
            TestContext.Current.CancellationToken);
        using var accepted = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        Assert.True(accepted.Connected);
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task AddressCheck_UsersProxy_MayBePrivate()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var proxy = new DnsEndPoint("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port);
        var connection = new ResultConnectionFactory(allowLoopback: false);
        await using var stream =
            await connection.ConnectAsync(proxy, isProxy: true, TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<OmniException>(
            () => connection.ConnectAsync(proxy, isProxy: false, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest"), InlineData("https://10.0.0.1/a.mp4")]
    [InlineData("https://[fd00::1]/a.mp4"), InlineData("http://files.example/a.mp4"), InlineData("file:///etc/passwd")]
    public async Task A_redirect_to_a_forbidden_address_is_not_followed(string location)
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync();
        fixture.Server.Next(RequestKind.File, Fault.Redirect(location));
        Assert.Equal(OmniErrorKind.OutputRefused, (await fixture.RefusedAsync(task)).Kind);
        Assert.Empty(fixture.Files);
    }

    [Fact]
    public async Task A_download_follows_five_redirects_and_refuses_the_sixth()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync();
        var again = Fault.Redirect($"/files/{task.Id}.mp4", 302);
        fixture.Server.Next(RequestKind.File, again, again, again, again, again, again);
        Assert.Contains("more than 5", (await fixture.RefusedAsync(task)).Message, StringComparison.Ordinal);
        fixture.Server.Next(RequestKind.File, again, again, again, again, again);
        await fixture.SaveAsync(task);
    }
}
