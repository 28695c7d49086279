using System.Security.Cryptography;
using OmniTools.Errors;

namespace OmniTools.Requests;

/// <summary>
/// The id of one intended generation: minted before anything is sent, sent as the provider's idempotency key.
/// </summary>
public static class RequestKey
{
    /// <summary>The longest key, in characters: what APIMart takes in <c>Idempotency-Key</c>.</summary>
    public const int MaximumLength = 191;

    private const string Rule =
        "1 to 191 characters, the first a letter or digit, the others letters, digits and . _ : -";

    /// <summary>
    /// A new key, ordered by time: <c>omni_</c>, the time in milliseconds and 80 random bits, in hexadecimal.
    /// </summary>
    public static string Create(TimeProvider timeProvider) =>
        $"omni_{timeProvider.GetUtcNow().ToUnixTimeMilliseconds():x12}"
        + $"{Convert.ToHexString(RandomNumberGenerator.GetBytes(10)).ToLowerInvariant()}";

    /// <summary>Whether a key was made by <see cref="Create"/>, and means nothing to a person.</summary>
    public static bool IsGenerated(string key) =>
        key.Length == "omni_".Length + 32 && key.StartsWith("omni_", StringComparison.Ordinal)
        && key.Skip("omni_".Length).All(char.IsAsciiHexDigitLower);

    /// <summary>Refuses a key that could not travel in a header, a JSON body and a URL path unchanged.</summary>
    public static void Validate(string key)
    {
        var legal = key.Length is > 0 and <= MaximumLength && char.IsAsciiLetterOrDigit(key[0])
            && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or ':' or '-');
        if (!legal)
        {
            throw new OmniException(OmniErrorKind.InvalidRequest, "This request key cannot be used", new()
            {
                Charged = Charged.No, // Nothing was sent.
                Field = "request_key",
                Received = ProviderText.Clean(key) ?? "an empty text",
                Allowed = Rule,
            });
        }
    }
}
