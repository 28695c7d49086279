using System.Text;
using Microsoft.AspNetCore.Http;

namespace OmniTools.Testing;

/// <summary>Another answer than the true one.</summary>
internal sealed record StatusResponse(int Code, string Body, params (string Name, string Value)[] Headers) : Fault
{
    public string ContentType { get; init; } = "application/json";

    internal override Task RespondAsync(LoopbackProvider server, HttpContext context, Func<LoopbackResponse> work)
    {
        var reply = new LoopbackResponse(Code, Encoding.UTF8.GetBytes(Body), ContentType)
        {
            Headers = Headers.ToDictionary(header => header.Name, header => header.Value),
        };
        return reply.WriteAsync(context);
    }
}
