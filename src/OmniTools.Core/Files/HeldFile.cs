namespace OmniTools.Files;

/// <summary>
/// Files that another program has open: Windows then refuses to open, rename or replace them, until a player, an
/// indexer or a virus scanner closes them.
/// </summary>
internal static class HeldFile
{
    /// <summary>The time between two attempts. The default is 50 ms.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// How long a file that is to be replaced may be held. A virus scanner needs a second or two for a clip.
    /// </summary>
    public static readonly TimeSpan ReplaceTimeout = TimeSpan.FromSeconds(10);

    // https://learn.microsoft.com/windows/win32/debug/system-error-codes: sharing violation, lock violation, deletion
    // pending, mapped.
    private static readonly int[] WindowsCodes = [32, 33, 303, 1224];

    /// <summary>
    /// Whether a file was not opened because another has it open: EWOULDBLOCK of Linux and macOS, a sharing violation
    /// of Windows.
    /// </summary>
    public static bool IsHeld(Exception failure) =>
        failure.GetType() == typeof(IOException)
        && (failure.HResult is 11 or 35 || (failure.HResult < 0 && WindowsCodes.Contains(failure.HResult & 0xFFFF)));

    /// <summary>
    /// Changes a file, and tries again while another program has it open, for at most <paramref name="timeout"/>; then
    /// the last failure is thrown. Windows denies access where it means "held" when a file is replaced or just being
    /// deleted.
    /// </summary>
    public static async Task ChangeAsync(Action change, TimeSpan timeout, TimeProvider timeProvider,
        CancellationToken cancellationToken)
    {
        var since = timeProvider.GetTimestamp();
        while (true)
        {
            try
            {
                change();
                return;
            }
            catch (Exception failure) when (MayBeHeld(failure, OperatingSystem.IsWindows())
                && timeProvider.GetElapsedTime(since) < timeout)
            {
                await Task.Delay(Pause, timeProvider, cancellationToken);
            }
        }
    }

    /// <summary>The bytes of a file that others may replace or delete meanwhile.</summary>
    public static byte[] ReadAllBytes(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete,
            bufferSize: 0);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>
    /// Whether a change failed for a reason that may pass. On other systems than Windows, a denied access is permanent.
    /// </summary>
    public static bool MayBeHeld(Exception failure, bool isWindows) =>
        IsHeld(failure) || (isWindows && failure is UnauthorizedAccessException);
}
