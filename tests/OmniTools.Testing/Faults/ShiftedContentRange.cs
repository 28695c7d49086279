using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace OmniTools.Testing;

/// <summary>206, and Content-Range tells of other bytes than were asked for.</summary>
internal sealed record ShiftedContentRange : Fault
{
    internal override Task RespondAsync(LoopbackProvider server, HttpContext context, Func<LoopbackResponse> work)
    {
        var reply = work();
        var total = reply.Body.Length;
        var wrong = reply with
        {
            Status = 206,
            Headers = new(reply.Headers)
            {
                ["Content-Range"] = string.Create(CultureInfo.InvariantCulture, $"bytes 0-{total - 1}/{total + 1}"),
            }
        };
        return wrong.WriteAsync(context);
    }
}
