namespace OmniTools.Ledger;

/// <summary>One writer at a time over all processes: a file that the system keeps locked for as long as its holder lives.</summary>
internal sealed class LedgerLock(LedgerFiles files, TimeProvider time)
{
    /// <summary>How long another process may hold it before the caller is told.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>The longest pause between two looks at a lock that another process holds.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(25);

    private bool isProven;

    /// <summary>The lock, until it is disposed; an error when another process holds it for longer than anybody should.</summary>
    public async Task<IDisposable> TakeAsync()
    {
        var began = time.GetTimestamp();
        for (var pause = TimeSpan.FromMilliseconds(1); ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                var held = Open();
                isProven = isProven || Prove(held);
                return held;
            }
            catch (IOException) when (File.Exists(files.Lock) && time.GetElapsedTime(began) < Timeout)
            {
                await Task.Delay(pause, time);
            }
        }
    }

    private FileStream Open() => LedgerFiles.Open(files.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    // Some network disks, and a switch of .NET's, lock nothing and say so to nobody: two processes could buy the same clip.
    private bool Prove(FileStream held)
    {
        try
        {
            Open().Dispose();
        }
        catch (IOException)
        {
            return true;
        }
        held.Dispose();
        throw files.Unavailable("write", new NotSupportedException("files cannot be locked there, so two processes could buy the same clip"));
    }
}
