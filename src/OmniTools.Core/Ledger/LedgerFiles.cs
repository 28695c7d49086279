using System.Globalization;
using OmniTools.Errors;

namespace OmniTools.Ledger;

/// <summary>Where the ledger lies: a folder with one segment a month, a lock file, a checkpoint and the owners' files. Only the user may read it.</summary>
internal sealed class LedgerFiles(string home)
{
    private const string Month = "yyyy-MM";

    public string Folder { get; } = Path.Combine(home, "ledger");

    public string Lock => Path.Combine(Folder, "ledger.lock");

    public string Checkpoint => Path.Combine(Folder, "checkpoint.json");

    public string Owners => Path.Combine(Folder, "owners");

    /// <summary>The segment of a time: <c>2026-11.jsonl</c>.</summary>
    public string Segment(DateTimeOffset at) => Path.Combine(Folder, at.UtcDateTime.ToString(Month, CultureInfo.InvariantCulture) + ".jsonl");

    /// <summary>All segments, oldest first; none when there is no ledger yet.</summary>
    public IReadOnlyList<string> Segments()
    {
        try
        {
            // A copy that somebody left beside them, whatever its name, is none.
            var segments = Array.FindAll(Directory.GetFiles(Folder, "????-??.jsonl"), path =>
                DateTime.TryParseExact(Path.GetFileNameWithoutExtension(path), Month, CultureInfo.InvariantCulture, DateTimeStyles.None, out _));
            Array.Sort(segments, StringComparer.Ordinal);
            return segments;
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unavailable("read", failure);
        }
    }

    /// <summary>Makes the folders, for the user alone.</summary>
    public void Create()
    {
        if (Directory.Exists(Owners))
            return;
        foreach (var folder in new[] { Folder, Owners })
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(folder);
            else
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Opens or makes a file that only the user may read.</summary>
    public static FileStream Open(string path, FileMode mode, FileAccess access, FileShare share, FileOptions options = FileOptions.None)
    {
        var how = new FileStreamOptions { Mode = mode, Access = access, Share = share, Options = options, BufferSize = 0 };
        if (!OperatingSystem.IsWindows() && mode is not FileMode.Open)
            how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, how);
    }

    /// <summary>The error of a ledger that cannot be used.</summary>
    public OmniException Unavailable(string verb, Exception failure) =>
        new(OmniErrorKind.LedgerUnavailable, $"The ledger cannot be {(verb == "read" ? "read" : "written")}: {failure.Message.TrimEnd('.')}", failure)
        {
            Charged = Charged.No, // Nothing was sent.
            Field = "OMNI_HOME",
            Received = Folder,
            NextStep = "Make the folder readable and writable with room on its disk, or set OMNI_HOME to another one; without the ledger nothing is bought",
        };
}
