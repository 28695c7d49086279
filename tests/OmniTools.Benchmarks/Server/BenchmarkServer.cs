using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace OmniTools.Benchmarks.Server;

/// <summary>
/// ToAPIs in a process of its own, with as little work as possible. Every task is accepted and is completed at once.
/// Prints its address, then serves until it is killed.
/// </summary>
internal static class BenchmarkServer
{
    /// <summary>The size of the served file.</summary>
    public const int FileBytes = 512 * 1024 * 1024;

    private const int BlockBytes = 1024 * 1024;
    private static readonly byte[] FirstBlock = CreateBlock(isFirst: true);
    private static readonly byte[] Block = CreateBlock(isFirst: false);
    private static int delay;
    private static int accepted;
    private static long arrived;

    public static async Task RunAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync();
        Console.WriteLine(app.Urls.Single());
        await Task.Delay(Timeout.Infinite);
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (path.StartsWith("/files/", StringComparison.Ordinal))
        {
            await SendFileAsync(context.Response, path == "/files/small.mp4" ? BlockBytes : FileBytes);
            return;
        }
        var body = path switch
        {
            _ when context.Request.Method == "POST" => await AcceptAsync(context.Request),
            "/arrived" => Interlocked.Read(ref arrived).ToString(CultureInfo.InvariantCulture),
            _ when path.StartsWith("/delay/", StringComparison.Ordinal) => SetDelay(path[7..]),
            _ => GetState(path[(path.LastIndexOf('/') + 1)..], context.Request),
        };
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body);
    }

    private static async Task<string> AcceptAsync(HttpRequest request)
    {
        Interlocked.Exchange(ref arrived, DateTime.UtcNow.Ticks);
        await request.Body.CopyToAsync(Stream.Null);
        if (delay > 0)
            await Task.Delay(delay);
        return FormattableString.Invariant(
            $"{{\"id\":\"video_{Interlocked.Increment(ref accepted)}\",")
            + "\"object\":\"generation.task\",\"status\":\"queued\"}";
    }

    private static string SetDelay(string milliseconds)
    {
        delay = int.Parse(milliseconds, CultureInfo.InvariantCulture);
        return milliseconds;
    }

    // The file's name is the end of the task's id.
    private static string GetState(string id, HttpRequest request)
    {
        var url = $"http://{request.Host}/files/{id[(id.LastIndexOf('_') + 1)..]}.mp4";
        return $$"""
            {"id":"{{id}}","object":"generation.task","status":"completed","progress":100,
            "result":{"type":"video","data":[{"url":"{{url}}","format":"mp4"}] } }
            """;
    }

    private static async Task SendFileAsync(HttpResponse response, int length)
    {
        (response.ContentType, response.ContentLength) = ("video/mp4", length);
        for (var sent = 0; sent < length; sent += BlockBytes)
            await response.Body.WriteAsync(sent == 0 ? FirstBlock : Block);
    }

    private static byte[] CreateBlock(bool isFirst)
    {
        var block = new byte[BlockBytes];
        new Random(512).NextBytes(block);
        byte[] head = [0, 0, 0, 16, .. "ftypisom"u8, 0, 0, 0, 0, 0, 0, 0, 0, .. "mdat"u8];
        if (isFirst)
            head.CopyTo(block, 0);
        return block;
    }
}
