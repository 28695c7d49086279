using Microsoft.AspNetCore.Http;

namespace OmniTools.Testing;

/// <summary>The true answer without its length.</summary>
internal sealed record UnknownLength : Fault
{
    internal override async Task RespondAsync(LoopbackProvider server, HttpContext context, Func<LoopbackResponse> work)
    {
        var reply = work();
        reply.WriteHead(context);
        context.Response.ContentLength = null;
        await LoopbackResponse.WriteAsync(context, reply.Body);
    }
}
