using OmniTools.Errors;
using OmniTools.Files;

namespace OmniTools.Requests;

/// <summary>Checks local reference files by their first bytes, whatever their names are.</summary>
internal static class MediaFile
{
    /// <summary>20 MB: what APIMart takes for an uploaded image.</summary>
    public const long MaximumImageBytes = 20 * 1024 * 1024;

    /// <summary>
    /// 50 MB: what ToAPIs takes for an uploaded video; used for data URIs too, for which nothing is printed.
    /// </summary>
    public const long MaximumVideoBytes = 50 * 1024 * 1024;

    /// <summary>Refuses a file that is not there, is too large, or is no JPEG or PNG; gives its media type.</summary>
    public static string CheckImage(string path, string field = "image_urls") =>
        Check(path, field, MaximumImageBytes, "a JPEG or PNG file of at most 20 MB", "image/");

    /// <summary>
    /// Refuses a file that is not there, is too large, is no MP4, MOV or WebM, or runs too long; gives its media type.
    /// </summary>
    public static string CheckVideo(string path, int? maximumSeconds)
    {
        var type = Check(path, "video_url", MaximumVideoBytes, "an MP4, MOV or WebM file of at most 50 MB", "video/");
        if (maximumSeconds is { } most && type is "video/mp4" or "video/quicktime")
        {
            using var file = File.OpenRead(path);
            CheckSeconds(Mp4Header.Seconds(file), maximumSeconds, path);
        }
        return type;
    }

    /// <summary>Refuses a video of a known length outside what the model takes.</summary>
    public static void CheckSeconds(double? seconds, int? most, string shown)
    {
        if (seconds is { } length && most is { } limit && (length < 1 || length > limit))
        {
            throw new OmniException(OmniErrorKind.InvalidRequest, "The reference video is too short or too long", new()
            {
                Charged = Charged.No, // Nothing was sent.
                Field = "video_url",
                Received = FormattableString.Invariant($"{Reference.ToDisplayText(shown)}, {length:0.0} s"),
                Allowed = $"1 to {limit} s (3 s or less is recommended)",
            });
        }
    }

    private static string Check(string path, string field, long most, string allowed, string family)
    {
        Span<byte> head = stackalloc byte[16];
        long length;
        try
        {
            using var file = File.OpenRead(path);
            length = file.Length;
            head = head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        }
        catch (Exception failure)
            when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Refused("The reference is no URL, and no readable file",
                Reference.ToDisplayText(path) + (failure is FileNotFoundException or DirectoryNotFoundException
                    ? ", which does not exist" : ", which cannot be read"), failure);
        }
        var type = MediaType.Detect(head);
        if (type is null || !type.StartsWith(family, StringComparison.Ordinal))
            throw Refused("The reference file is not of a kind the provider takes",
                $"{Reference.ToDisplayText(path)}, which is {type ?? "something else"}");
        if (length > most)
            throw Refused("The reference file is too large",
                FormattableString.Invariant($"{Reference.ToDisplayText(path)}, {length / 1048576.0:0.0} MB"));
        return type;

        OmniException Refused(string what, string received, Exception? inner = null) =>
            new(OmniErrorKind.InvalidRequest, what, new()
            {
                Charged = Charged.No,
                Field = field,
                Received = received,
                Allowed = allowed + ", or an http(s) URL",
            }, inner);
    }
}
