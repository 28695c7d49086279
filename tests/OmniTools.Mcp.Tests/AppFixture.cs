using System.Text.Json.Nodes;
using ModelContextProtocol;
using OmniTools.Mcp.Apps;

namespace OmniTools.Mcp.Tests;

/// <summary>Servers whose client shows views, and clips that they saved.</summary>
internal static class AppFixture
{
    public static Task<ServerFixture> StartAsync()
    {
        var settings = JsonNode.Parse("""{"mimeTypes":["text/html;profile=mcp-app"]}""")!;
        var extensions = new Dictionary<string, object> { [ClipsView.Extension] = settings };
        return ServerFixture.StartAsync(options: new() { Capabilities = new() { Extensions = extensions } });
    }

    public static async Task<(string Id, string Path)> SaveAsync(ServerFixture server)
    {
        var id = await MakeAsync(server, "scene");
        var saved = await server.GetAsync("save_video", $$"""{"task_id":"{{id}}","path":"clip.mp4"}""");
        return (id, saved.GetProperty("files")[0].GetProperty("path").GetString()!);
    }

    public static async Task<string> MakeAsync(ServerFixture server, string key)
    {
        var made = await server.GetAsync(
            "generate_video", $$"""{"prompt":"a fox","provider":"toapis","request_key":"{{key}}"}""");
        var id = made.TaskId();
        await server.GetAsync("wait_video_task", $$"""{"task_ids":["{{id}}"]}""");
        return id;
    }

    public static async Task<string> RefusedAsync(ServerFixture server, string uri, string words)
    {
        var refusal = await Assert.ThrowsAsync<McpProtocolException>(() =>
            server.Client.ReadResourceAsync(uri).AsTask());
        AssertText.Contains(words, refusal.Message);
        return refusal.Message;
    }
}
