using Microsoft.AspNetCore.Http;

namespace OmniTools.Testing;

/// <summary>No answer until the server is released.</summary>
internal sealed record Hang : Fault
{
    internal override async Task RespondAsync(LoopbackProvider server, HttpContext context, Func<LoopbackResponse> work)
    {
        await server.WhenReleasedAsync(context);
        await work().WriteAsync(context);
    }
}
