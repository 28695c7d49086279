namespace OmniTools.Files;

/// <summary>Writes small files atomically: a reader sees the old content or the new one.</summary>
internal static class AtomicFile
{
    public static void Write(string path, byte[] content)
    {
        // A unique temporary name, opened with CreateNew, so that writers do not collide and links are not followed.
        var fresh = $"{path}.{Guid.NewGuid().ToString("N")[..6]}.new";
        try
        {
            using (var file = new FileStream(
                fresh, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }
            File.Move(fresh, path, overwrite: true);
        }
        catch
        {
            File.Delete(fresh);
            throw;
        }
    }

    /// <summary>The same; a file that another program has open is replaced as soon as it is closed.</summary>
    public static Task WriteAsync(string path, byte[] content, TimeProvider timeProvider,
        CancellationToken cancellationToken) =>
        HeldFile.ChangeAsync(() => Write(path, content), HeldFile.ReplaceTimeout, timeProvider, cancellationToken);
}
