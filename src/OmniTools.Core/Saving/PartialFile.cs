using System.Security.Cryptography;
using OmniTools.Files;

namespace OmniTools.Saving;

/// <summary>
/// The file that grows beside its target. Holding it open is holding the target's name, against other processes too; it keeps
/// the name until the part has become the target or is given up.
/// </summary>
internal sealed class PartialFile : IDisposable
{
    private readonly FileStream stream;
    private readonly string target;

    private PartialFile(FileStream stream, string target) => (this.stream, this.target, Handle) = (stream, target, stream.SafeFileHandle);

    public static string GetPath(string target) => target + ".part";

    /// <summary>Asked of the stream once: it sets the file's position each time.</summary>
    public Microsoft.Win32.SafeHandles.SafeFileHandle Handle { get; }

    /// <summary>How much of it is there.</summary>
    public long Length
    {
        get => RandomAccess.GetLength(Handle);
        set => RandomAccess.SetLength(Handle, value);
    }

    /// <summary>Opens or makes the part of a target and takes its name; null while another holds it.</summary>
    public static PartialFile? TryOpen(string target)
    {
        var path = GetPath(target);
        FileStream stream;
        try
        {
            // Windows lets a file that is open be renamed when it is shared for deletion; elsewhere only None locks it.
            stream = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None, bufferSize: 0);
        }
        catch (IOException failure) when (HeldFile.IsHeld(failure))
        {
            return null;
        }
        // Between opening and locking, its last holder may have renamed or deleted it: then it is not the part any more.
        if (OperatingSystem.IsWindows() || IsSameFile(stream, path))
            return new(stream, target);
        stream.Dispose();
        return null;
    }

    /// <summary>Flushed to disk, then under its final name and no longer held: there is no part any more.</summary>
    /// <exception cref="Errors.OmniException">Another program has the file open for longer than is waited; the part is kept.</exception>
    public async Task BecomeAsync(bool overwrite, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        stream.Flush(flushToDisk: true);
        try
        {
            await HeldFile.ChangeAsync(() => File.Move(GetPath(target), target, overwrite), HeldFile.ReplaceTimeout, timeProvider, cancellationToken);
        }
        catch (Exception failure) when (HeldFile.MayBeHeld(failure, OperatingSystem.IsWindows()))
        {
            throw SavingErrors.Held(target, failure);
        }
        Dispose();
    }

    /// <summary>The SHA-256 of what is there.</summary>
    public async Task<string> ComputeSha256Async(CancellationToken cancellationToken)
    {
        stream.Position = 0;
        return Convert.ToHexString(await SHA256.HashDataAsync(stream, cancellationToken)).ToLowerInvariant();
    }

    /// <summary>Gives the part up, its note with it.</summary>
    public void Delete()
    {
        File.Delete(PartialDownloadMetadata.GetPath(target));
        File.Delete(GetPath(target));
    }

    /// <summary>Lets go of the name; what a holder before has left is kept.</summary>
    public void Release()
    {
        if (Length == 0)
            File.Delete(GetPath(target));
        Dispose();
    }

    public void Dispose() => stream.Dispose();

    private static bool IsSameFile(FileStream stream, string path)
    {
        var named = new FileInfo(path);
        return named.Exists && named.Length == stream.Length && named.LastWriteTimeUtc == File.GetLastWriteTimeUtc(stream.SafeFileHandle);
    }
}
