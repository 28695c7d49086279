using System.Buffers;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using OmniTools.Errors;

namespace OmniTools.Http;

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
    internal AuthenticationHeaderValue ToHeader()
    {
        if (secret.Length == 0 || secret.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw new OmniException(OmniErrorKind.Authentication, "The API key has characters that no key has")
            {
                NextStep = "Copy the key again, without blanks or quotes around it",
            };
        }
        return new("Bearer", secret);
    }

    /// <summary>
    /// Tells this key from others, so that the ledger can say whose account a request was sent to. Safe to be seen: a key is random, so
    /// none can be guessed until the fingerprint fits, and so many keys share each of these 32 bits' values that it would not show the
    /// right one even to who could try them all. One fingerprint for all requests: many of one key together would tell more.
    /// </summary>
    internal string Fingerprint(string provider) =>
        Convert.ToHexString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes("OmniTools account at " + provider)), 0, 4).ToLowerInvariant();

    /// <summary>Masks the key in a header or a message that repeats it.</summary>
    internal string? Mask(string? text) => secret.Length < 4 ? text : text?.Replace(secret, "***", StringComparison.Ordinal);

    /// <summary>Masks the key wherever a provider's answer repeats it.</summary>
    internal byte[] Mask(byte[] answer)
    {
        answer = Unescaped(answer);
        var needle = Encoding.UTF8.GetBytes(secret);
        if (needle.Length < 4 || answer.AsSpan().IndexOf(needle) < 0)
            return answer;
        return Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(answer).Replace(secret, "***", StringComparison.Ordinal));
    }

    // JSON can spell a key in many ways (\/, \u002B); where one of them hides it, the answer is spelled plainly first.
    private byte[] Unescaped(byte[] answer)
    {
        if (answer.AsSpan().IndexOf((byte)'\\') < 0)
            return answer;
        try
        {
            var plain = new ArrayBufferWriter<byte>(answer.Length);
            using (var document = JsonDocument.Parse(answer))
            using (var writer = new Utf8JsonWriter(plain, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
                document.WriteTo(writer);
            return plain.WrittenSpan.IndexOf(Encoding.UTF8.GetBytes(secret)) < 0 ? answer : plain.WrittenSpan.ToArray();
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return answer;
        }
    }
}
