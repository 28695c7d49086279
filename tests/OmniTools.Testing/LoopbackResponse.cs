using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace OmniTools.Testing;

/// <summary>What the server is about to answer; a fault may change it or send it badly.</summary>
internal sealed record LoopbackResponse(int Status, byte[] Body, string ContentType = "application/json")
{
    private const int MaximumWrite = 1024 * 1024;

    public Dictionary<string, string> Headers { get; init; } = [];

    public static LoopbackResponse Json(int status, JsonNode body) => new(status, Encoding.UTF8.GetBytes(body.ToJsonString()));

    /// <summary>The error envelope that both providers use for HTTP errors.</summary>
    public static LoopbackResponse Error(int status, string type, string message) =>
        Json(status, new JsonObject { ["error"] = new JsonObject { ["code"] = status, ["message"] = message, ["type"] = type } });

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
        if (!HttpMethods.IsHead(context.Request.Method))
            await WriteAsync(context, Body);
    }

    /// <summary>
    /// Writes in pieces. Kestrel sends one write as blocks of 4 KB in one call, and Wine never ends a call of more than 1024 (Linux's
    /// limit of sendmsg).
    /// </summary>
    public static async Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> bytes)
    {
        for (; bytes.Length > 0; bytes = bytes[Math.Min(bytes.Length, MaximumWrite)..])
            await context.Response.Body.WriteAsync(bytes[..Math.Min(bytes.Length, MaximumWrite)], context.RequestAborted);
    }
}
