using Microsoft.AspNetCore.Http;

namespace OmniTools.Testing;

/// <summary>What the server is about to answer; a fault may change it or send it badly.</summary>
internal sealed record LoopbackResponse(int Status, byte[] Body, string? ContentType = "application/json")
{
    private const int MaximumWrite = 1024 * 1024;

    public Dictionary<string, string> Headers { get; init; } = [];

    /// <summary>The length that is announced.</summary>
    public long? Length { get; init; } = Body.Length;

    public static LoopbackResponse Read(HttpResponseMessage response)
    {
        using var body = new MemoryStream();
        response.Content.ReadAsStream().CopyTo(body);
        var content = response.Content.Headers;
        return new((int)response.StatusCode, body.ToArray(), content.ContentType?.ToString())
        {
            Headers = response.Headers.Concat(content)
                .Where(header => header.Key is not ("Content-Type" or "Content-Length"))
                .ToDictionary(header => header.Key, header => string.Join(", ", header.Value)),
            Length = content.ContentLength,
        };
    }

    public void WriteHead(HttpContext context)
    {
        context.Response.StatusCode = Status;
        foreach (var (name, value) in Headers)
            context.Response.Headers[name] = value;
        context.Response.ContentType = ContentType;
        context.Response.ContentLength = Length;
    }

    public async Task WriteAsync(HttpContext context)
    {
        WriteHead(context);
        if (!HttpMethods.IsHead(context.Request.Method))
            await WriteAsync(context, Body);
    }

    /// <summary>
    /// Writes in pieces. Kestrel sends one write as blocks of 4 KB in one call, and Wine never ends a call of more than
    /// 1024 (Linux's limit of sendmsg).
    /// </summary>
    public static async Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> bytes)
    {
        for (; bytes.Length > 0; bytes = bytes[Math.Min(bytes.Length, MaximumWrite)..])
            await context.Response.Body.WriteAsync(bytes[..Math.Min(bytes.Length, MaximumWrite)],
                context.RequestAborted);
    }
}
