namespace OmniTools.Mcp.Hosting;

/// <summary>
/// An input that tells when it has ended, before its reader learns of it: from then on the transport sends nothing. Reading
/// can be cancelled, which the console's own stream cannot.
/// </summary>
internal sealed class EndOfInputStream(Stream input, InFlightRequests counter, Func<Task> onEnd) : Stream
{
    private int ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        try
        {
            read = await input.ReadAsync(buffer, cancellationToken).AsTask().WaitAsync(cancellationToken);
        }
        catch (IOException)
        {
            // A broken pipe is an end too.
            read = 0;
        }
        counter.Receive(buffer.Span[..read]);
        if (read == 0 && Interlocked.Exchange(ref ended, 1) == 0)
            await onEnd();
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            input.Dispose();
        base.Dispose(disposing);
    }
}
