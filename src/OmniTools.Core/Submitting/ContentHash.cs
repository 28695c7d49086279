using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OmniTools.Catalog;
using OmniTools.Requests;

namespace OmniTools.Submitting;

/// <summary>
/// Identifies requests for the same clip: defaults count as given, local files by their content.
/// </summary>
internal static class ContentHash
{
    public static string Compute(CheckedRequest check)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var request = check.Request;
        Add(request.Provider);
        Add(request.Model);
        Add(request.Prompt);
        Add(check.AspectRatio);
        Add(check.Duration?.ToString(CultureInfo.InvariantCulture));
        Add(check.Resolution);
        Add(request.ExtendFrom);
        Add(request.NegativePrompt);
        Add(check.Audio?.ToString());
        Add(request.Seed?.ToString(CultureInfo.InvariantCulture));
        Add(RequestOptions.ToCanonicalJson(request.Options));
        Add(request.FirstFrame is { } first ? GetContent(first) : null);
        Add(request.LastFrame is { } last ? GetContent(last) : null);
        // Their numbers, so that a video in place of an image is another request.
        Add(request.Videos.Count.ToString(CultureInfo.InvariantCulture));
        foreach (var reference in request.Videos.Concat(request.Images))
            Add(GetContent(reference));
        return ToHex(hash.GetHashAndReset());

        // Length first, so that no two lists of fields run together to the same bytes.
        void Add(string? field)
        {
            var bytes = Encoding.UTF8.GetBytes(field ?? "");
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }
    }

    /// <summary>The hash of bytes that are sent.</summary>
    public static string Compute(ReadOnlyMemory<byte> bytes) => ToHex(SHA256.HashData(bytes.Span));

    private static string GetContent(string reference)
    {
        if (Reference.GetForm(reference) != ReferenceForm.LocalFile)
            return reference;
        using var file = File.OpenRead(reference);
        return "file:" + ToHex(SHA256.HashData(file));
    }

    private static string ToHex(byte[] bytes) => Convert.ToHexString(bytes).ToLowerInvariant();
}
