using Microsoft.AspNetCore.Http;

namespace OmniTools.Testing;

/// <summary>The true answer without its length.</summary>
internal sealed record Untold : Fault
{
    internal override async Task AnswerAsync(LoopbackProvider server, HttpContext context, Func<Reply> work)
    {
        var reply = work();
        reply.WriteHead(context);
        context.Response.ContentLength = null;
        await Reply.WriteAsync(context, reply.Body);
    }
}
