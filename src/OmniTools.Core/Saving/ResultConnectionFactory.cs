using System.Net;
using System.Net.Sockets;
using OmniTools.Errors;
using OmniTools.Http;

namespace OmniTools.Saving;

/// <summary>
/// Connects to result hosts: resolves a name, checks its addresses, and connects to one of them, so that a second DNS
/// response cannot lead elsewhere. The user's own proxy is exempt; its targets are checked by name.
/// </summary>
internal sealed class ResultConnectionFactory(bool allowLoopback,
    Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
{
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> resolve = resolve ?? Dns.GetHostAddressesAsync;

    /// <summary>A handler without cookies, credentials, redirects or decompression.</summary>
    public SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = HttpConstants.ConnectTimeout,
        PooledConnectionLifetime = HttpConstants.ConnectionLifetime,
        ConnectCallback = async (context, cancellationToken) =>
        {
            var target = context.InitialRequestMessage.RequestUri!;
            var proxy = HttpClient.DefaultProxy.IsBypassed(target) ? null : HttpClient.DefaultProxy.GetProxy(target);
            var isProxy = proxy is not null && proxy.Port == context.DnsEndPoint.Port
                && proxy.IdnHost.Equals(context.DnsEndPoint.Host, StringComparison.OrdinalIgnoreCase);
            return await ConnectAsync(context.DnsEndPoint, isProxy, cancellationToken);
        },
    };

    /// <summary>Connects to the first reachable address of a host that may be connected to.</summary>
    public async Task<Stream> ConnectAsync(DnsEndPoint host, bool isProxy, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(host.Host.Trim('[', ']'), out var literal)
            ? [literal]
            : await resolve(host.Host, cancellationToken);
        var allowed = addresses.Where(address => isProxy || IsAllowed(address)).ToList();
        if (addresses.Length > 0 && allowed.Count == 0)
            throw CreateError(host.Host, "it leads to an address that is not public");
        Exception? last = null;
        foreach (var address in allowed)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, host.Port), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (Exception failure)
            {
                socket.Dispose();
                cancellationToken.ThrowIfCancellationRequested();
                last = failure;
            }
        }
        throw last ?? new SocketException((int)SocketError.HostNotFound);
    }

    /// <summary>The error of an address that is not fetched.</summary>
    public static OmniException CreateError(string shown, string why) =>
        new(OmniErrorKind.OutputRefused, $"The result's address is not fetched: {why}", new()
        {
            Received = ProviderText.Clean(shown),
            Allowed = "https on a public address",
            WasSent = true,
            NextStep = "If the provider really serves results there, fetch the task's URL by other means",
        });

    private bool IsAllowed(IPAddress address) =>
        AddressCheck.IsPublic(address)
        || (allowLoopback && IPAddress.IsLoopback(address) && !address.IsIPv4MappedToIPv6);
}
