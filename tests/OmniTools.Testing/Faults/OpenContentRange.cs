using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace OmniTools.Testing;

/// <summary>
/// A range is answered with its first bytes alone, and Content-Range does not tell how long the file is.
/// </summary>
internal sealed record OpenContentRange(int Bytes) : Fault
{
    internal override Task RespondAsync(LoopbackProvider server, HttpContext context, Func<LoopbackResponse> work)
    {
        var reply = work();
        var range = context.Request.Headers.Range.ToString();
        var from = long.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture);
        var part = reply with
        {
            Body = reply.Body[..Bytes],
            Length = Bytes,
            Headers = new(reply.Headers)
            {
                ["Content-Range"] = string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{from + Bytes - 1}/*"),
            },
        };
        return part.WriteAsync(context);
    }
}
