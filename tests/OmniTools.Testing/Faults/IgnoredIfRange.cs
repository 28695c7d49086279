using Microsoft.AspNetCore.Http;

namespace OmniTools.Testing;

/// <summary>
/// From now on another file is served under the same name, and a range of it also where the ETag is another.
/// </summary>
internal sealed record IgnoredIfRange(byte[] Content) : Fault
{
    internal override void Before(LoopbackProvider server, HttpContext context)
    {
        server.Serve(context.Request.Path.Value!["/files/".Length..], Content);
        context.Request.Headers.Remove("If-Range");
    }

    internal override Task RespondAsync(LoopbackProvider server, HttpContext context, Func<LoopbackResponse> work) =>
        work().WriteAsync(context);
}
