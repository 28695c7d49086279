using System.Text;
using OmniTools.Errors;

namespace OmniTools.Requests;

/// <summary>Videos that travel inside the request as <c>data:video/…;base64,…</c>.</summary>
internal static class DataUri
{
    /// <summary>Whether a data URI is one of a video.</summary>
    public static bool IsVideo(string uri) => uri.StartsWith("data:video/", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The length of the video in a data URI, in seconds; null when its header has none. Refuses a URI that is not
    /// base64 or too large.
    /// </summary>
    public static double? Seconds(string uri)
    {
        var comma = uri.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0 || !uri.AsSpan(0, comma).EndsWith(";base64", StringComparison.OrdinalIgnoreCase))
            throw Refused(uri, "The data URI is not base64", "data:video/mp4;base64,…");
        if ((uri.Length - comma) / 4 * 3L > MediaFile.MaximumVideoBytes)
            throw Refused(uri, "The reference video is too large", "at most 50 MB");
        var bytes = new byte[(uri.Length - comma) / 4 * 3 + 3];
        if (!Convert.TryFromBase64Chars(uri.AsSpan(comma + 1), bytes, out var length) || length == 0)
            throw Refused(uri, "The data URI is not base64", "data:video/mp4;base64,…");
        return Mp4Header.Seconds(new MemoryStream(bytes, 0, length));
    }

    /// <summary>A local video file as a data URI.</summary>
    public static string Read(string path, string mediaType)
    {
        var bytes = File.ReadAllBytes(path);
        return new StringBuilder(bytes.Length / 3 * 4 + 64).Append("data:").Append(mediaType).Append(";base64,")
            .Append(Convert.ToBase64String(bytes)).ToString();
    }

    private static OmniException Refused(string uri, string what, string allowed) =>
        new(OmniErrorKind.InvalidRequest, what, new()
        {
            Charged = Charged.No,
            Field = "video_url",
            Received = Reference.ToDisplayText(uri),
            Allowed = allowed,
        });
}
