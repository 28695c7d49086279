namespace OmniTools.Saving;

/// <summary>Writes small files in one piece: a reader sees the old one or the new one.</summary>
internal static class Whole
{
    public static void Write(string path, byte[] content)
    {
        var fresh = path + ".new";
        // CreateNew after a deletion: what another left under this name, a link for one, is never written through.
        File.Delete(fresh);
        using (var file = new FileStream(fresh, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }
        File.Move(fresh, path, overwrite: true);
    }
}
