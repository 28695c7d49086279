namespace OmniTools.Ledger;

/// <summary>
/// Says whether a submission is still under way: while it is, its process keeps a file locked, and the system drops the lock
/// whatever ends the process. So an intent that nobody works on is known to be unknown at once, and one under way is left alone.
/// </summary>
internal sealed class LedgerClaim : IDisposable
{
    private readonly FileStream held;

    private LedgerClaim(string name, FileStream held) => (Name, this.held) = (name, held);

    /// <summary>Its name in the intent.</summary>
    public string Name { get; }

    public static LedgerClaim Make(LedgerFiles files)
    {
        var name = Guid.NewGuid().ToString("N");
        return new(name, LedgerFiles.Open(Path.Combine(files.Owners, name), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose));
    }

    /// <summary>Whether the submission of this name is under way, in whichever process.</summary>
    public static bool IsAlive(LedgerFiles files, string? name)
    {
        if (name is null || !Guid.TryParseExact(name, "N", out _))
            return false;
        var path = Path.Combine(files.Owners, name);
        try
        {
            // Shared, so that two who ask at the same time do not take each other for the owner.
            using (LedgerFiles.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
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

    public void Dispose() => held.Dispose();
}
