namespace OmniTools.Mcp.Hosting;

/// <summary>
/// An input stream that reports its end before its reader sees it, because the transport sends nothing after it has
/// seen the end. Reads can be cancelled, which those of the console's stream cannot.
/// </summary>
/// <param name="input">The stream.</param>
/// <param name="onEnd">Called once at the end; the reader sees the end when the returned task completes.</param>
internal sealed class EndOfInputStream(Stream input, Func<Task> onEnd) : Stream
{
    private int ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        try
        {
            read = await input.ReadAsync(buffer, cancellationToken).AsTask().WaitAsync(cancellationToken);
        }
        catch (IOException)
        {
            // A broken pipe counts as the end.
            read = 0;
        }
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
