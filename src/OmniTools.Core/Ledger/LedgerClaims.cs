namespace OmniTools.Ledger;

/// <summary>
/// Says whether submissions are still under way: while any of this client's are, it keeps a file locked, and the system drops the
/// lock whatever ends the process. So an intent that nobody works on is known to be unknown at once, and one under way is left
/// alone. Submissions at the same time share the file: making and removing one for each would cost more than recording it.
/// </summary>
internal sealed class LedgerClaims(LedgerFiles files)
{
    private readonly object gate = new();
    private FileStream? held;
    private string name = "";
    private int underWay;

    /// <summary>A submission under way, until it is disposed. Its intent carries the name.</summary>
    internal sealed class Claim(LedgerClaims claims, string name) : IDisposable
    {
        public string Name => name;

        public void Dispose() => claims.Release();
    }

    public Claim Make()
    {
        lock (gate)
        {
            if (held is null)
            {
                files.Create();
                name = Guid.NewGuid().ToString("N");
                held = LedgerFiles.Open(Path.Combine(files.Owners, name), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
            }
            underWay++;
            return new(this, name);
        }
    }

    /// <summary>Whether the submission of this name is under way, in whichever process.</summary>
    public bool IsAlive(string? name)
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

    private void Release()
    {
        lock (gate)
        {
            if (--underWay > 0)
                return;
            held!.Dispose();
            held = null;
        }
    }
}
