using System.Security.Cryptography;
using OmniTools.Files;

namespace OmniTools.Saving;

/// <summary>
/// The <c>.part</c> file that grows beside its target, with the SHA-256 of its bytes. The process that has it open owns
/// the target's name, until the file has become the target or is released.
/// </summary>
internal sealed class PartialFile : IDisposable
{
    private readonly FileStream stream;
    private readonly string target;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    private PartialFile(FileStream stream, string target) => (this.stream, this.target) = (stream, target);

    public static string GetPath(string target) => target + ".part";

    /// <summary>The bytes of the file.</summary>
    public long Length => stream.Length;

    /// <summary>The bytes that were read back or appended.</summary>
    public long Position => stream.Position;

    /// <summary>Opens or creates the partial file of a target; null while another process has it open.</summary>
    public static PartialFile? TryOpen(string target)
    {
        var path = GetPath(target);
        FileStream stream;
        try
        {
            // Windows lets a file that is open be renamed when it is shared for deletion; elsewhere only None locks it.
            stream = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite,
                OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None, bufferSize: 0);
        }
        catch (IOException failure) when (HeldFile.IsHeld(failure))
        {
            return null;
        }
        // Between opening and locking, the last owner may have renamed or deleted the file.
        if (OperatingSystem.IsWindows() || IsSameFile(stream, path))
            return new(stream, target);
        stream.Dispose();
        return null;
    }

    /// <summary>Hashes the bytes of an earlier download, to continue after them.</summary>
    public async Task ReadBackAsync(CancellationToken cancellationToken)
    {
        hash.GetHashAndReset();
        stream.Position = 0;
        var buffer = new byte[SavingConstants.BufferBytes];
        while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            hash.AppendData(buffer, 0, read);
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        stream.Write(bytes);
        hash.AppendData(bytes);
    }

    /// <summary>Empties the file.</summary>
    public void Clear()
    {
        hash.GetHashAndReset();
        stream.Position = 0;
        stream.SetLength(0);
    }

    /// <summary>Ends the file at its position and returns its SHA-256.</summary>
    public string Finish()
    {
        stream.SetLength(stream.Position);
        return Convert.ToHexString(hash.GetHashAndReset()).ToLowerInvariant();
    }

    /// <summary>Flushes the file to disk, gives it its final name and closes it.</summary>
    /// <exception cref="Errors.OmniException">Another program keeps the target open for too long; the partial file is
    /// kept.</exception>
    public async Task CommitAsync(bool overwrite, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        stream.Flush(flushToDisk: true);
        try
        {
            await HeldFile.ChangeAsync(() => File.Move(GetPath(target), target, overwrite), HeldFile.ReplaceTimeout,
                timeProvider, cancellationToken);
        }
        catch (Exception failure) when (HeldFile.MayBeHeld(failure, OperatingSystem.IsWindows()))
        {
            throw SavingErrors.Held(target, failure);
        }
        Dispose();
    }

    /// <summary>Deletes the partial file and its metadata.</summary>
    public void Delete()
    {
        File.Delete(PartialDownloadMetadata.GetPath(target));
        File.Delete(GetPath(target));
    }

    /// <summary>Closes the file, and deletes it if it is empty.</summary>
    public void Release()
    {
        if (Length == 0)
            File.Delete(GetPath(target));
        Dispose();
    }

    public void Dispose()
    {
        stream.Dispose();
        hash.Dispose();
    }

    private static bool IsSameFile(FileStream stream, string path)
    {
        var named = new FileInfo(path);
        return named.Exists && named.Length == stream.Length
            && named.LastWriteTimeUtc == File.GetLastWriteTimeUtc(stream.SafeFileHandle);
    }
}
