namespace OmniTools.Ledger;

/// <summary>
/// Says whether submissions are still under way: while any of this client's are, it keeps a file locked, and the system drops the
/// lock whatever ends the process. So an intent that nobody works on is known to be unknown at once, and one under way is left
/// alone. Submissions at the same time share the file, each with a number of its own: making and removing one for each would cost
/// more than recording it. The client itself knows them by number, others by the file.
/// </summary>
internal sealed class LedgerClaims(LedgerFiles files)
{
    private readonly object gate = new();
    private readonly Dictionary<string, OwnerFile> mine = [];
    private OwnerFile? current;

    private sealed class OwnerFile(string name, FileStream held)
    {
        public string Name => name;

        public FileStream Held => held;

        public int Made { get; set; }

        public HashSet<string> UnderWay { get; } = [];
    }

    /// <summary>A submission under way, until it is disposed. Its intent carries the name.</summary>
    internal sealed class Claim(LedgerClaims claims, string name) : IDisposable
    {
        public string Name => name;

        /// <summary>Its end could not be recorded: nobody joins its file, so that other processes soon see that it is over.</summary>
        public void Retire() => claims.Retire(name);

        public void Dispose() => claims.Release(name);
    }

    public Claim Make()
    {
        lock (gate)
        {
            if (current is null)
            {
                files.Create();
                var name = Guid.NewGuid().ToString("N");
                current = new(name, LedgerFiles.Open(Path.Combine(files.Owners, name), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose));
                mine.Add(name, current);
            }
            var claim = FormattableString.Invariant($"{current.Name}/{++current.Made}");
            current.UnderWay.Add(claim);
            return new(this, claim);
        }
    }

    /// <summary>Whether the submission of this name is under way, in whichever process.</summary>
    public bool IsAlive(string? name)
    {
        if (name is null || !Guid.TryParseExact(FileOf(name), "N", out _))
            return false;
        lock (gate)
        {
            if (mine.TryGetValue(FileOf(name), out var file))
                return file.UnderWay.Contains(name);
        }
        var path = Path.Combine(files.Owners, FileOf(name));
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

    private void Retire(string name)
    {
        lock (gate)
        {
            if (current?.Name == FileOf(name))
                current = null;
        }
    }

    private void Release(string name)
    {
        lock (gate)
        {
            var file = mine[FileOf(name)];
            file.UnderWay.Remove(name);
            if (file.UnderWay.Count > 0)
                return;
            mine.Remove(file.Name);
            if (current == file)
                current = null;
            file.Held.Dispose();
        }
    }

    private static string FileOf(string name) => name.Split('/')[0];
}
