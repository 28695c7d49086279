using Microsoft.AspNetCore.Http;

namespace OmniTools.Testing;

/// <summary>
/// Closes the connection without a reset after so many bytes of a longer Content-Length: the bytes sent arrive.
/// </summary>
internal sealed record Cut(int Bytes) : Fault
{
    internal override async Task RespondAsync(LoopbackProvider server, HttpContext context, Func<LoopbackResponse> work)
    {
        var reply = work();
        reply.WriteHead(context);
        await context.Response.Body.WriteAsync(reply.Body.AsMemory(0, Math.Min(Bytes, reply.Body.Length)),
            context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
