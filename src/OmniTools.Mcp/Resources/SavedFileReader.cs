using System.Security.Cryptography;
using OmniTools.Mcp.Session;

namespace OmniTools.Mcp.Resources;

/// <summary>
/// Reads the saved file of a task for a view: the file that the ledger has for that task on this machine, below the
/// output root, unchanged since it was saved.
/// </summary>
internal static class SavedFileReader
{
    public const string MimeType = "video/mp4";

    /// <summary>The largest file that is read: 16 MB, which are 22 MB of JSON.</summary>
    public const int MaximumBytes = 16 * 1024 * 1024;

    public static async Task<byte[]> ReadAsync(
        ServerSession session, VideoTask task, CancellationToken cancellationToken)
    {
        if (task.Videos.FirstOrDefault(video => video.HasFile) is not { SavedPath: { } path } video)
            throw Refused(task, "The task has no file on this machine", null, "Call save_video for it");
        // Checked first, so that an error says nothing about a file outside of the root.
        session.Root.Check(path, "the file of this task", "uri");
        if (!Path.GetExtension(path).Equals(".mp4", StringComparison.OrdinalIgnoreCase))
            throw Refused(task, "The file is not an MP4 video", path, "Open it where it is");
        var bytes = await ReadAsync(task, path, cancellationToken);
        if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != video.Sha256)
            throw Refused(task, "The file has changed since it was saved", path, "Call save_video to save it again");
        return bytes;
    }

    private static async Task<byte[]> ReadAsync(VideoTask task, string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = File.OpenRead(path);
            if (file.Length > MaximumBytes)
                throw Refused(
                    task,
                    $"The file has {file.Length} bytes, and at most {MaximumBytes} (16 MB) are shown here",
                    path,
                    "Open it where it is");
            var bytes = new byte[file.Length];
            await file.ReadExactlyAsync(bytes, cancellationToken);
            return bytes;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Refused(task, $"The file cannot be read: {failure.Message}", path, "Open it where it is");
        }
    }

    private static OmniException Refused(VideoTask task, string what, string? path, string nextStep) =>
        new(OmniErrorKind.OutputRefused, what, new()
        {
            Charged = task.Charged,
            WasFree = true,
            TaskId = task.Reference,
            Received = path,
            NextStep = nextStep,
        });
}
