using Microsoft.AspNetCore.Http;

namespace OmniTools.Testing;

/// <summary>Content-Length promises the whole, half of it comes, the connection breaks.</summary>
internal sealed record Truncated : Fault
{
    public Func<LoopbackResponse, LoopbackResponse> Change { get; init; } = reply => reply;

    internal override async Task RespondAsync(LoopbackProvider server, HttpContext context, Func<LoopbackResponse> work)
    {
        var reply = Change(work());
        reply.WriteHead(context);
        await context.Response.Body.WriteAsync(reply.Body.AsMemory(0, reply.Body.Length / 2), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        context.Abort();
    }
}
