using System.Buffers.Text;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
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
    /// Tells this key from others, so that the ledger can say whose account a request was sent to. Safe to be seen: a
    /// key is random, so none can be guessed until the fingerprint fits, and so many keys share each of these 32 bits'
    /// values that it would not show the right one even to who could try them all. One fingerprint for all requests:
    /// many of one key together would tell more.
    /// </summary>
    internal string GetFingerprint(string provider) =>
        Convert.ToHexString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret),
        Encoding.UTF8.GetBytes("OmniTools account at " + provider)), 0, 4).ToLowerInvariant();

    /// <summary>Masks the key in a header or a message that repeats it.</summary>
    internal string? Mask(string? text) =>
        secret.Length < 4 ? text : text?.Replace(secret, "***", StringComparison.Ordinal);

    /// <summary>
    /// Masks the key in all that an error says: a broken answer's text ends up in the errors inside it.
    /// </summary>
    internal Exception Mask(Exception failure)
    {
        var text = failure.ToString();
        var masked = Mask(text)!;
        return masked == text ? failure : new IOException(masked);
    }

    /// <summary>
    /// Masks the key wherever a provider's answer repeats it, however JSON spells it. It need not be good JSON: half a
    /// surrogate pair elsewhere in it hides no key.
    /// </summary>
    internal byte[] Mask(byte[] answer)
    {
        var needle = Encoding.UTF8.GetBytes(secret);
        if (needle.Length < 4)
            return answer;
        MemoryStream? masked = null;
        var (done, at) = (0, 0);
        while (answer.AsSpan(at).IndexOfAny(needle[0], (byte)'\\') is >= 0 and var next)
        {
            at += next;
            var length = Spelled(answer.AsSpan(at), needle);
            if (length > 0)
            {
                masked ??= new(answer.Length);
                masked.Write(answer.AsSpan(done, at - done));
                masked.Write("***"u8);
                done = at + length;
            }
            at += Math.Max(1, length);
        }
        masked?.Write(answer.AsSpan(done));
        return masked?.ToArray() ?? answer;
    }

    // How many bytes spell the key from here on, each character as itself, as \u002B, or as \/; 0 when they do not.
    private static int Spelled(ReadOnlySpan<byte> text, ReadOnlySpan<byte> needle)
    {
        if (text.StartsWith(needle))
            return needle.Length;
        var at = 0;
        foreach (var wanted in needle)
        {
            var rest = text[at..];
            var length = rest switch
            {
                [(byte)'\\', (byte)'u', _, _, _, _, ..]
                    when Utf8Parser.TryParse(rest.Slice(2, 4), out ushort code, out var digits, 'x') && digits == 4
                    && code == wanted => 6,
                [(byte)'\\', (byte)'"' or (byte)'\\' or (byte)'/', ..] when rest[1] == wanted => 2,
                [var plain, ..] when plain == wanted => 1,
                _ => 0,
            };
            if (length == 0)
                return 0;
            at += length;
        }
        return at;
    }
}
