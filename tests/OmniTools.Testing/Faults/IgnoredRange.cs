using Microsoft.AspNetCore.Http;

namespace OmniTools.Testing;

/// <summary>A range is asked for and the whole file is given, with 200.</summary>
internal sealed record IgnoredRange : Fault
{
    internal override void Before(LoopbackProvider server, HttpContext context) =>
        context.Request.Headers.Remove("Range");

    internal override Task RespondAsync(LoopbackProvider server, HttpContext context, Func<LoopbackResponse> work) =>
        work().WriteAsync(context);
}
