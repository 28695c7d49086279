using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace OmniTools.Testing;

/// <summary>One answer whose status is a word nobody has seen.</summary>
internal sealed record StrangeWord(string Word) : Fault
{
    internal override Task AnswerAsync(LoopbackProvider server, HttpContext context, Func<Reply> work)
    {
        var reply = work();
        var body = JsonNode.Parse(reply.Body)!.AsObject();
        var task = body["data"] switch { JsonArray array => array[0]!.AsObject(), JsonObject data => data, _ => body };
        task["status"] = Word;
        return Reply.Json(reply.Status, body).WriteAsync(context);
    }
}
