namespace OmniTools.Ledger;

/// <summary>Keeps the summary beside the segments. It is a cache: damaged, missing or stale, it is made again from the records.</summary>
internal static class LedgerCheckpoint
{
    /// <summary>The summary at the checkpoint; null when there is none that fits the segments.</summary>
    public static LedgerSummary? Read(LedgerFiles files)
    {
        try
        {
            var snapshot = SnapshotJson.Read(File.ReadAllBytes(files.Checkpoint));
            if (snapshot is not { Segment: { } name, Offset: > 0 })
                return null;
            using var segment = File.OpenHandle(Path.Combine(files.Folder, Path.GetFileName(name)), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            Span<byte> last = stackalloc byte[1];
            return RandomAccess.Read(segment, last, snapshot.Offset - 1) == 1 && last[0] == '\n' ? new LedgerSummary(snapshot) : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Writes it aside and renames, under the ledger's lock; false when it cannot be written, which costs the next process time only.</summary>
    public static bool TryWrite(LedgerFiles files, LedgerSummary summary)
    {
        try
        {
            var aside = files.Checkpoint + ".new";
            using (var file = LedgerFiles.Open(aside, FileMode.Create, FileAccess.Write, FileShare.None))
                SnapshotJson.Write(file, summary.State);
            File.Move(aside, files.Checkpoint, overwrite: true);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
