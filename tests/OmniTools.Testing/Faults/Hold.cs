using Microsoft.AspNetCore.Http;

namespace OmniTools.Testing;

/// <summary>An answer that stands still after so many bytes, until the server is released.</summary>
internal sealed record Hold(int Bytes) : Fault
{
    internal override async Task RespondAsync(LoopbackProvider server, HttpContext context, Func<LoopbackResponse> work)
    {
        var reply = work();
        reply.WriteHead(context);
        await context.Response.Body.WriteAsync(reply.Body.AsMemory(0, Bytes), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await server.WhenReleasedAsync(context);
        await LoopbackResponse.WriteAsync(context, reply.Body.AsMemory(Bytes));
    }
}
