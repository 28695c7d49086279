using System.Text;
using OmniTools.Errors;
using OmniTools.Files;

namespace OmniTools.Gallery;

/// <summary>Writes the page as a file, and overwrites only files that it wrote.</summary>
internal static class GalleryWriter
{
    /// <summary>What a page of ours begins with.</summary>
    private const string Mark = "<meta name=\"generator\" content=\"OmniTools gallery\">";

    private const int HeadBytes = 512;

    public static async Task WriteAsync(string path, IReadOnlyList<GalleryClip> clips, TimeProvider timeProvider,
        CancellationToken cancellationToken)
    {
        try
        {
            Check(path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await AtomicFile.WriteAsync(path, Encoding.UTF8.GetBytes(GalleryPage.ForFile(clips)), timeProvider,
                cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Refused("The gallery page cannot be written", path, failure);
        }
    }

    /// <summary>Refuses a path where something else is.</summary>
    private static void Check(string path)
    {
        if (Directory.Exists(path))
            throw Refused("The path of the gallery page is a folder", path);
        if (!Path.Exists(path))
            return;
        using var file = File.OpenRead(path);
        var head = new byte[HeadBytes];
        var length = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (!Encoding.UTF8.GetString(head, 0, length).Contains(Mark, StringComparison.Ordinal))
            throw Refused("There is another file under the name of the gallery page", path);
    }

    private static OmniException Refused(string what, string path, Exception? cause = null) =>
        new(OmniErrorKind.OutputRefused, what, new()
        {
            Charged = Charged.No, // Nothing was sent.
            Received = cause is null ? path : $"{path} ({cause.Message.TrimEnd('.')})",
            Allowed = "a new file, or a gallery page that OmniTools wrote",
            NextStep = "Choose another path",
        }, cause);
}
