using Microsoft.AspNetCore.Http;

namespace OmniTools.Testing;

/// <summary>From now on another file, with another ETag, is served under the same name.</summary>
internal sealed record ReplacedFile : Fault
{
    internal override void Before(LoopbackProvider server, HttpContext context) =>
        server.Serve(context.Request.Path.Value!["/files/".Length..], Mp4Sample.Bytes(mark: "replaced"));

    internal override Task RespondAsync(LoopbackProvider server, HttpContext context, Func<LoopbackResponse> work) =>
        work().WriteAsync(context);
}
