using Microsoft.AspNetCore.Http;

namespace OmniTools.Testing;

/// <summary>The connection breaks and no byte is answered.</summary>
internal sealed record Reset : Fault
{
    internal override Task RespondAsync(LoopbackProvider server, HttpContext context, Func<LoopbackResponse> work)
    {
        context.Abort();
        return Task.CompletedTask;
    }
}
