using System.Buffers;

namespace OmniTools.Requests;

/// <summary>What a text given as a reference image or video is.</summary>
internal enum ReferenceForm
{
    Url,
    Data,
    LocalFile,
    Unusable,
}

/// <summary>Finds out what a reference is by its text alone.</summary>
internal static class Reference
{
    private static readonly SearchValues<char> SchemeCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");

    public static ReferenceForm GetForm(string reference)
    {
        if (reference.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
            return ReferenceForm.Data;
        if (reference.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
            || reference.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            return Uri.TryCreate(reference, UriKind.Absolute, out var uri) && uri.Host.Length > 0
                && uri.UserInfo.Length == 0
                ? ReferenceForm.Url
                : ReferenceForm.Unusable;
        }
        return string.IsNullOrWhiteSpace(reference) || HasScheme(reference)
            ? ReferenceForm.Unusable
            : ReferenceForm.LocalFile;
    }

    /// <summary>A data URI is shown by its head: the rest is megabytes.</summary>
    public static string ToDisplayText(string reference) =>
        Errors.ProviderText.Clean(reference.Length > 80 ? reference[..80] + "…" : reference) ?? "an empty text";

    // One letter before the colon is a Windows drive, more are a scheme.
    private static bool HasScheme(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 1 && char.IsAsciiLetter(text[0]) && text.AsSpan(0, colon).IndexOfAnyExcept(SchemeCharacters) < 0;
    }
}
