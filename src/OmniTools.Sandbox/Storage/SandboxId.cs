using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace OmniTools.Sandbox.Storage;

/// <summary>
/// Ids that look like the providers': a prefix and 26 Crockford characters. A request key's id is its hash, so a key
/// finds its task without an index, and no text of a client ever becomes part of a path.
/// </summary>
internal static class SandboxId
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Length = 26;
    private static readonly SearchValues<char> Characters = SearchValues.Create(Alphabet);

    /// <summary>The id that a request key's task has; a new one where there is no key.</summary>
    public static string Create(string prefix, string? key) =>
        Create(prefix, key is null
        ? RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes)
        : SHA256.HashData(Encoding.UTF8.GetBytes(prefix + key)));

    /// <summary>The id that belongs to some bytes.</summary>
    public static string Create(string prefix, ReadOnlySpan<byte> hash)
    {
        var id = new StringBuilder(prefix, prefix.Length + Length);
        for (var index = 0; id.Length < prefix.Length + Length - 3; index++)
            id.Append(Alphabet[hash[index] % Alphabet.Length]);
        // The first characters of the providers' printed samples: a time, by the look of it.
        return id.Insert(prefix.Length, prefix == "video_" ? "01J" : "01K").ToString();
    }

    /// <summary>Whether a text can be an id of this class: only such a text may name a file.</summary>
    public static bool IsValid(string prefix, string text) =>
        text.Length == prefix.Length + Length && text.StartsWith(prefix, StringComparison.Ordinal)
        && !text.AsSpan(prefix.Length).ContainsAnyExcept(Characters);
}
