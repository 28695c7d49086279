using System.Net;
using System.Net.Http.Headers;

namespace OmniTools.Http;

/// <summary>
/// A body that records whether the handler began to send it. A submission whose body was never read cannot have been
/// accepted, whatever the exception says. Every request has a body, a read an empty one: the handler itself resends
/// requests without a body up to three times when a connection breaks.
/// </summary>
internal sealed class TrackedHttpContent : HttpContent
{
    private readonly ReadOnlyMemory<byte> bytes;
    private volatile bool started;

    /// <summary>A body, or, without a type, an empty one.</summary>
    public TrackedHttpContent(ReadOnlyMemory<byte> bytes, string? contentType)
    {
        this.bytes = bytes;
        Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
    }

    /// <summary>Whether any of it may have left this machine.</summary>
    public bool Started => started;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context,
        CancellationToken cancellationToken)
    {
        started = true;
        await stream.WriteAsync(bytes, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = bytes.Length;
        return true;
    }
}
