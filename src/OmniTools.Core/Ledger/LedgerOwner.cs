namespace OmniTools.Ledger;

/// <summary>
/// Says whether the process that wrote an intent still runs: each has a file that it keeps locked, and the system drops the lock
/// whatever ends the process. So an intent of a dead process is known to be unknown at once, and one of a live process is left alone.
/// </summary>
internal sealed class LedgerOwner(LedgerFiles files) : IDisposable
{
    private readonly string name = Guid.NewGuid().ToString("N");
    private readonly object gate = new();
    private FileStream? held;

    /// <summary>This process's name in its intents; its file is made with the first.</summary>
    public string Claim()
    {
        lock (gate)
        {
            held ??= LedgerFiles.Open(Path.Combine(files.Owners, name), FileMode.Create, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
            return name;
        }
    }

    /// <summary>Whether the process of this name still runs.</summary>
    public bool IsAlive(string? owner)
    {
        if (owner == name)
            return true;
        if (owner is null || !Guid.TryParseExact(owner, "N", out _))
            return false;
        var path = Path.Combine(files.Owners, owner);
        try
        {
            using (LedgerFiles.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose))
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

    public void Dispose()
    {
        lock (gate)
            held?.Dispose();
    }
}
