using System.Diagnostics;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using OmniTools.Errors;

namespace OmniTools.Configuration;

/// <summary>An API key. It shows itself nowhere: text, debugger and serializers see a mask.</summary>
[DebuggerDisplay("***")]
public sealed class ApiKey
{
    private readonly string secret;

    /// <summary>Wraps a key, without the blanks around it.</summary>
    public ApiKey(string secret) => this.secret = secret.Trim();

    /// <summary>Always a mask.</summary>
    public override string ToString() => "***";

    /// <summary>The one place where the key becomes a header.</summary>
    internal AuthenticationHeaderValue ToAuthorizationHeader()
    {
        if (secret.Length == 0 || secret.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw new OmniException(OmniErrorKind.Authentication, "The API key has characters that no key has", new()
            {
                Charged = Charged.No, // Nothing was sent.
                NextStep = "Copy the key again, without blanks or quotes around it",
            });
        }
        return new("Bearer", secret);
    }

    /// <summary>
    /// Identifies the account that a request was sent to, in the ledger. A 32-bit fingerprint matches so many keys that
    /// brute force cannot identify one. All requests have the same fingerprint, because several would reveal more.
    /// </summary>
    internal string GetFingerprint(string provider) =>
        Convert.ToHexString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret),
        Encoding.UTF8.GetBytes("OmniTools account at " + provider)), 0, 4).ToLowerInvariant();

    /// <summary>Masks the key in a header or a message that repeats it.</summary>
    internal string? Mask(string? text) =>
        secret.Length < 4 ? text : text?.Replace(secret, "***", StringComparison.Ordinal);

    /// <summary>
    /// Masks the key in an error: it may hold the text of a broken response.
    /// </summary>
    internal Exception Mask(Exception failure)
    {
        var text = failure.ToString();
        var masked = Mask(text)!;
        return masked == text ? failure : new IOException(masked);
    }

    /// <summary>
    /// Masks the key wherever a provider's response repeats it, also where JSON escapes its characters. The response
    /// need not be valid JSON or text.
    /// </summary>
    internal byte[] Mask(byte[] response)
    {
        if (secret.Length < 4)
            return response;
        // Latin-1 maps every byte to one character and back, and a key that can be sent is ASCII.
        var text = Encoding.Latin1.GetString(response);
        var masked = Regex.Replace(text, Pattern, "***", RegexOptions.CultureInvariant);
        return masked == text ? response : Encoding.Latin1.GetBytes(masked);
    }

    // Each character as itself, as \u002B, or after a backslash.
    private string Pattern => string.Concat(secret.Select(c =>
        $@"(?:\\u(?i:{(int)c:x4})|{(c is '"' or '\\' or '/' ? @"\\?" : "")}{Regex.Escape(c.ToString())})"));
}
