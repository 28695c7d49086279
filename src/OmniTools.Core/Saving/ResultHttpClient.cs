using System.Net;
using System.Net.Http.Headers;
using OmniTools.Diagnostics;
using OmniTools.Http;

namespace OmniTools.Saving;

/// <summary>
/// Requests files from result hosts: without key and cookies, redirects followed by hand, every address checked before
/// and while connecting.
/// </summary>
internal sealed class ResultHttpClient : IDisposable
{
    private static readonly string[] PrivateEndings =
        [".local", ".localhost", ".localdomain", ".internal", ".lan", ".home.arpa"];

    // Two pools: a connection made where loopback is allowed must not serve where it is not.
    private readonly Lazy<HttpMessageInvoker> strict;
    private readonly Lazy<HttpMessageInvoker> local;

    /// <summary>Uses the network, or <paramref name="injected"/>, which is never disposed here.</summary>
    public ResultHttpClient(HttpMessageHandler? injected)
    {
        strict = Make(false);
        local = Make(true);

        Lazy<HttpMessageInvoker> Make(bool allowLoopback) =>
            new(() => new(injected ?? new ResultConnectionFactory(allowLoopback).CreateHandler(),
            disposeHandler: injected is null));
    }

    /// <summary>
    /// The answer, whatever its status, once its headers are there. Range and If-Range are sent when given.
    /// </summary>
    public async Task<HttpResponseMessage> GetAsync(string url, bool allowLoopback, long? from, string? etag,
        CancellationToken cancellationToken)
    {
        var target = Uri.TryCreate(url, UriKind.Absolute, out var absolute)
            ? absolute
            : throw ResultConnectionFactory.CreateError(url, "it is no address");
        for (var redirects = 0; ; redirects++)
        {
            Check(target, allowLoopback);
            using var message = new HttpRequestMessage(HttpMethod.Get, target);
            message.Headers.AcceptEncoding.Add(new("identity"));
            if (from is { } position && etag is not null)
            {
                message.Headers.Range = new RangeHeaderValue(position, null);
                message.Headers.IfRange = new RangeConditionHeaderValue(EntityTagHeaderValue.Parse(etag));
            }
            var response = await (allowLoopback ? local : strict).Value.SendAsync(message, cancellationToken);
            OmniTrace.Debug($"GET {target.GetLeftPart(UriPartial.Path)} {(int)response.StatusCode}");
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308)
                || response.Headers.Location is not { } location)
                return response;
            response.Dispose();
            if (redirects == SavingConstants.MaximumRedirects)
                throw ResultConnectionFactory.CreateError(target.Host,
                    $"it redirects more than {SavingConstants.MaximumRedirects} times");
            target = Uri.TryCreate(target, location, out var next)
                ? next
                : throw ResultConnectionFactory.CreateError(target.Host, "it redirects to an invalid address");
        }
    }

    /// <summary>Refuses addresses as far as possible without the DNS; the rest is checked at the connection.</summary>
    public static void Check(Uri target, bool allowLoopback)
    {
        var host = target.IdnHost.Trim('[', ']').TrimEnd('.');
        var isLoopback = BaseAddress.IsLoopback(target);
        if (isLoopback && !allowLoopback)
            throw ResultConnectionFactory.CreateError(target.Host, "it leads to this machine");
        if (target.Scheme != Uri.UriSchemeHttps && !(isLoopback && target.Scheme == Uri.UriSchemeHttp))
            throw ResultConnectionFactory.CreateError($"{target.Scheme}://{target.Host}", "it is not https");
        if (target.UserInfo.Length > 0)
            throw ResultConnectionFactory.CreateError(target.Host, "it holds a user or password");
        if (isLoopback)
            return;
        if (IPAddress.TryParse(host, out var literal) ? !AddressCheck.IsPublic(literal)
            : !host.Contains('.', StringComparison.Ordinal)
            || PrivateEndings.Any(ending => host.EndsWith(ending, StringComparison.OrdinalIgnoreCase)))
            throw ResultConnectionFactory.CreateError(target.Host, "it leads into a private network");
    }

    public void Dispose()
    {
        foreach (var http in new[] { strict, local }.Where(http => http.IsValueCreated))
            http.Value.Dispose();
    }
}
