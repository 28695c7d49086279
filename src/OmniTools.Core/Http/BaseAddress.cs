using System.Net;
using OmniTools.Errors;

namespace OmniTools.Http;

/// <summary>
/// Where a provider's API is. A key travels there, so only https will do, except on this machine itself.
/// </summary>
internal static class BaseAddress
{
    /// <summary>Reads an address without a trailing slash or <c>/v1</c>, which the paths have.</summary>
    public static Uri Parse(string text, string source)
    {
        var trimmed = text.TrimEnd('/');
        if (trimmed.EndsWith("/v1", StringComparison.Ordinal))
            trimmed = trimmed[..^3];
        if (!Uri.TryCreate(trimmed, UriKind.Absolute, out var address) || address.UserInfo.Length > 0
            || address.Query.Length > 0 || address.Fragment.Length > 0
            || !(address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && IsLoopback(address))))
        {
            throw new OmniException(OmniErrorKind.InvalidConfiguration, "This base address cannot be used", new()
            {
                Charged = Charged.No, // Nothing was sent.
                Field = source,
                // The text before an @ is a password.
                Received = ProviderText.Clean(text[(text.LastIndexOf('@') + 1)..]) ?? "an empty text",
                Allowed = "an https:// address without user, query or fragment (http:// only on loopback)",
                NextStep = $"Correct {OmniException.FieldName}: an https:// address, or http:// on this machine",
            });
        }
        return address;
    }

    /// <summary>Whether the host is this machine, by name or literal address; nothing is resolved.</summary>
    public static bool IsLoopback(Uri address) =>
        address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
}
