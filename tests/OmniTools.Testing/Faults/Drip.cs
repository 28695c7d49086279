using Microsoft.AspNetCore.Http;

namespace OmniTools.Testing;

/// <summary>An answer that begins byte by byte and stands still until the server is released.</summary>
internal sealed record Drip(int Bytes) : Fault
{
    internal override async Task RespondAsync(LoopbackProvider server, HttpContext context, Func<LoopbackResponse> work)
    {
        var reply = work();
        reply.WriteHead(context);
        var first = Math.Min(Bytes, reply.Body.Length);
        for (var i = 0; i < first; i++)
        {
            await context.Response.Body.WriteAsync(reply.Body.AsMemory(i, 1), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
        await server.WhenReleasedAsync(context);
        await LoopbackResponse.WriteAsync(context, reply.Body.AsMemory(first));
    }
}
