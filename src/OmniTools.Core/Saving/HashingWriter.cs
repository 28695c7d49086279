using System.Buffers;
using System.Security.Cryptography;
using System.Threading.Channels;

namespace OmniTools.Saving;

/// <summary>
/// Writes to a part and hashes what was written on another thread, so that neither waits for the other. Memory is a few
/// buffers.
/// </summary>
internal sealed class HashingWriter : IAsyncDisposable
{
    private readonly PartialFile part;
    private readonly Channel<byte[]> free = Channel.CreateUnbounded<byte[]>();
    private readonly Channel<Written> written = Channel.CreateUnbounded<Written>();
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Task hashing;
    private int made;

    // A class: the runtime has the code of a channel of classes ready, that of a channel of structs it would have to
    // make.
    private sealed record Written(byte[] Buffer, int Length);

    public HashingWriter(PartialFile part)
    {
        this.part = part;
        hashing = Task.Run(HashAsync);
    }

    /// <summary>How much of the file is written and on its way into the hash.</summary>
    public long Position { get; private set; }

    /// <summary>A buffer to fill; waits while all are being hashed. Goes back by one of the calls below.</summary>
    public ValueTask<byte[]> RentAsync(CancellationToken cancellationToken) =>
        free.Reader.TryRead(out var buffer) ? new(buffer)
        : made < SavingConstants.Buffers && made++ >= 0 ? new(ArrayPool<byte>.Shared.Rent(SavingConstants.BufferBytes))
        : free.Reader.ReadAsync(cancellationToken);

    /// <summary>Gives a buffer back unused.</summary>
    public void Return(byte[] buffer) => free.Writer.TryWrite(buffer);

    /// <summary>Appends the buffer's first bytes to the file, and the buffer to what is to be hashed.</summary>
    public void Write(byte[] buffer, int length)
    {
        RandomAccess.Write(part.Handle, buffer.AsSpan(0, length), Position);
        Position += length;
        written.Writer.TryWrite(new(buffer, length));
    }

    /// <summary>Takes what an earlier transfer left as the beginning.</summary>
    public async Task ReadBackAsync(long length, CancellationToken cancellationToken)
    {
        while (Position < length)
        {
            var buffer = await RentAsync(cancellationToken);
            var read = await RandomAccess.ReadAsync(part.Handle,
                buffer.AsMemory(0, (int)Math.Min(buffer.Length, length - Position)), Position, cancellationToken);
            if (read == 0)
                throw new EndOfStreamException("the part became shorter while it was read");
            Position += read;
            written.Writer.TryWrite(new(buffer, read));
        }
    }

    /// <summary>Ends the file here and gives its SHA-256.</summary>
    public async Task<string> FinishAsync()
    {
        written.Writer.TryComplete();
        await hashing;
        return Convert.ToHexString(hash.GetHashAndReset()).ToLowerInvariant();
    }

    public async ValueTask DisposeAsync()
    {
        written.Writer.TryComplete();
        await hashing;
        hash.Dispose();
        while (free.Reader.TryRead(out var buffer))
            ArrayPool<byte>.Shared.Return(buffer);
    }

    private async Task HashAsync()
    {
        while (await written.Reader.WaitToReadAsync())
        {
            while (written.Reader.TryRead(out var next))
            {
                hash.AppendData(next.Buffer, 0, next.Length);
                free.Writer.TryWrite(next.Buffer);
            }
        }
    }
}
