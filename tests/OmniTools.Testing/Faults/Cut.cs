using Microsoft.AspNetCore.Http;

namespace OmniTools.Testing;

/// <summary>
/// Content-Length promises the whole, so many bytes come, the connection is closed without a reset: what was sent
/// arrives.
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
