using System.Buffers;
using System.Security.Cryptography;

namespace OmniTools.Saving;

/// <summary>Writes to a partial file and computes the SHA-256 of what it holds.</summary>
internal sealed class HashingWriter(PartialFile part) : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>The buffer that <see cref="Write"/> takes its bytes from.</summary>
    public byte[] Buffer { get; } = ArrayPool<byte>.Shared.Rent(SavingConstants.BufferBytes);

    /// <summary>How much of the file is written and hashed.</summary>
    public long Position { get; private set; }

    /// <summary>Appends the first bytes of the buffer to the file.</summary>
    public void Write(int length)
    {
        RandomAccess.Write(part.Handle, Buffer.AsSpan(0, length), Position);
        Append(length);
    }

    /// <summary>Hashes what an earlier transfer left, and continues after it.</summary>
    public async Task ReadBackAsync(long length, CancellationToken cancellationToken)
    {
        while (Position < length)
        {
            var wanted = (int)Math.Min(Buffer.Length, length - Position);
            var read =
                await RandomAccess.ReadAsync(part.Handle, Buffer.AsMemory(0, wanted), Position, cancellationToken);
            if (read == 0)
                throw new EndOfStreamException("the part became shorter while it was read");
            Append(read);
        }
    }

    /// <summary>Begins again with an empty file.</summary>
    public void Reset()
    {
        hash.GetHashAndReset();
        Position = 0;
        part.Length = 0;
    }

    /// <summary>Ends the file here and returns its SHA-256.</summary>
    public string Finish()
    {
        part.Length = Position;
        return Convert.ToHexString(hash.GetHashAndReset()).ToLowerInvariant();
    }

    public void Dispose()
    {
        hash.Dispose();
        ArrayPool<byte>.Shared.Return(Buffer);
    }

    private void Append(int length)
    {
        hash.AppendData(Buffer, 0, length);
        Position += length;
    }
}
