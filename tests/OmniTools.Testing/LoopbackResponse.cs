using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace OmniTools.Testing;

/// <summary>What the server is about to answer; a fault may change it or send it badly.</summary>
internal sealed record LoopbackResponse(int Status, byte[] Body, string ContentType = "application/json")
{
    public Dictionary<string, string> Headers { get; init; } = [];

    public static LoopbackResponse Json(int status, JsonNode body) =>
        new(status, Encoding.UTF8.GetBytes(body.ToJsonString()));

    /// <summary>The error envelope that both providers use for HTTP errors.</summary>
    public static LoopbackResponse Error(int status, string type, string message) =>
        Json(status,
        new JsonObject { ["error"] = new JsonObject { ["code"] = status, ["message"] = message, ["type"] = type } });

    public void WriteHead(HttpContext context)
    {
        context.Response.StatusCode = Status;
        context.Response.ContentType = ContentType;
        context.Response.ContentLength = Body.Length;
        foreach (var (name, value) in Headers)
            context.Response.Headers[name] = value;
    }

    public async Task WriteAsync(HttpContext context)
    {
        WriteHead(context);
        if (!HttpMethods.IsHead(context.Request.Method) && Body.Length > 0)
            await context.Response.Body.WriteAsync(Body, context.RequestAborted);
    }
}
