using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace OmniTools.Testing;

/// <summary>One answer whose status is a word nobody has seen.</summary>
internal sealed record UnknownStatusWord(string Word) : Fault
{
    internal override Task RespondAsync(LoopbackProvider server, HttpContext context, Func<LoopbackResponse> work)
    {
        var reply = work();
        var body = JsonNode.Parse(reply.Body)!.AsObject();
        var task = body["data"] switch { JsonArray array => array[0]!.AsObject(), JsonObject data => data, _ => body };
        task["status"] = Word;
        return new LoopbackResponse(reply.Status, Encoding.UTF8.GetBytes(body.ToJsonString())).WriteAsync(context);
    }
}
