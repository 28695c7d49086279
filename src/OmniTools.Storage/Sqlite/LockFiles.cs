using System.Collections.Concurrent;
using OmniTools.Files;

namespace OmniTools.Storage.Sqlite;

/// <summary>
/// One file per submission, locked while it runs. The system drops the lock whatever ends the process, so a submission
/// whose file can be locked, or is gone, is abandoned.
/// </summary>
internal sealed class LockFiles(string folder)
{
    // A name is never used again: what was abandoned stays so.
    private readonly ConcurrentDictionary<string, bool> abandoned = new();

    /// <summary>How many submissions were seen to be abandoned.</summary>
    public int AbandonedCount => abandoned.Count;

    /// <summary>Makes and locks the file of a submission.</summary>
    public FileStream Hold(string name)
    {
        PrivateFiles.CreateFolder(folder);
        var path = Path.Combine(folder, name);
        var held = PrivateFiles.Open(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None,
            FileOptions.DeleteOnClose);
        if (!IsLocked(path))
        {
            held.Dispose();
            throw new IOException("files cannot be locked there, so two processes could buy the same clip");
        }
        return held;
    }

    /// <summary>Whether nobody works on a submission any more.</summary>
    public bool IsAbandoned(string? name)
    {
        if (name is null || !Guid.TryParseExact(name, "N", out _) || abandoned.ContainsKey(name))
            return true;
        if (IsLocked(Path.Combine(folder, name)))
            return false;
        abandoned[name] = true;
        return true;
    }

    private static bool IsLocked(string path)
    {
        try
        {
            // Shared, so that two that look at the same time do not take each other for the owner.
            using (PrivateFiles.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
                File.Delete(path);
            return false;
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }
}
