using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace OmniTools.Mcp.Tests;

/// <summary>Several clips at once: waited for in one call, saved in one call, told apart in every list.</summary>
public sealed class SeveralTasksTests
{
    [Fact]
    public async Task WaitVideoTask_NamesOneSaveForAll_AndSaveVideoSavesThemIntoAFolder()
    {
        await using var server = await ServerFixture.StartAsync();
        var ids = await GenerateAsync(server, 6);

        var next = (await WaitAsync(server, ids)).GetProperty("next").GetString()!;
        var result = await server.CallAsync("save_video", next["save_video ".Length..^1] + ""","path":"reel"}""");

        Assert.Equal($$"""save_video {"task_ids":[{{Json(ids)}}]}""", next);
        var files = result.StructuredContent!.Value.GetProperty("files").EnumerateArray().ToList();
        Assert.Equal(ids, files.Select(file => file.GetProperty("task_id").GetString()));
        Assert.All(files, file => Assert.Equal(Path.Combine(server.OutputRoot, "reel"),
            Path.GetDirectoryName(file.GetProperty("path").GetString())));
        Assert.Equal(6, result.Content.OfType<ResourceLinkBlock>().Count());
        var folder = Path.Combine(server.OutputRoot, "reel");
        AssertText.StartsWith($"Saved 6 videos to {folder}:", ServerFixture.Text(result));
    }

    [Fact]
    public async Task WaitVideoTask_WithMoreThanTen_NamesTenAndHowManyMore()
    {
        await using var server = await ServerFixture.StartAsync();
        var ids = await GenerateAsync(server, 13);

        var next = (await WaitAsync(server, ids)).GetProperty("next").GetString();

        Assert.Equal($$"""save_video {"task_ids":[{{Json(ids.Take(10))}}]} and 3 more""", next);
    }

    [Fact]
    public async Task SaveVideo_SavesWhatItCan_AndSaysWhatItCannot()
    {
        await using var server = await ServerFixture.StartAsync();
        await GenerateAsync(server, 1);
        await server.GetAsync("generate_video", """{"prompt":"a fox [slow]","request_key":"slow"}""");
        await WaitAsync(server, ["clip-0"]);

        var result = await server.CallAsync("save_video", """{"task_ids":["clip-0","slow","nowhere"]}""");

        Assert.NotEqual(true, result.IsError);
        Assert.Single(result.StructuredContent!.Value.GetProperty("files").EnumerateArray());
        Assert.Equal(["slow", "nowhere"], result.StructuredContent.Value.Strings("failures", "task_id"));
        AssertText.Contains(
            """wait_video_task {"task_ids":["slow"]}; then save_video {"task_id":"slow"}""",
            ServerFixture.Text(result));
    }

    [Fact]
    public async Task SaveVideo_OfSeveralWithOneFileName_NumbersTheFiles()
    {
        await using var server = await ServerFixture.StartAsync();
        var ids = await GenerateAsync(server, 2);
        await WaitAsync(server, ids);

        var saved = await server.GetAsync("save_video", $$"""{"task_ids":[{{Json(ids)}}],"path":"fox.mp4"}""");

        Assert.Equal(["fox-2.mp4", "fox.mp4"], saved.GetProperty("files").EnumerateArray()
            .Select(file => Path.GetFileName(file.GetProperty("path").GetString())).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Urls_AreOnlyInGetVideoTask_AndAPathStandsOnceInTheText()
    {
        await using var server = await ServerFixture.StartAsync();
        var ids = await GenerateAsync(server, 1);
        await WaitAsync(server, ids);

        foreach (
            var (tool, arguments) in new[]
            {
                ("wait_video_task", """{"task_ids":["clip-0"]}"""),
                ("list_video_tasks", "{}"),
            })
            AssertText.DoesNotContain("https://", await AllAsync(server, tool, arguments));
        var asked = await server.CallAsync("get_video_task", """{"task_id":"clip-0"}""");
        var saved = await server.CallAsync("save_video", """{"task_id":"clip-0","path":"fox.mp4"}""");

        AssertText.StartsWith("https://", asked.StructuredContent!.Value.GetProperty("task")
            .GetProperty("videos")[0].GetProperty("url").GetString());
        AssertText.DoesNotContain("https://", ServerFixture.Text(asked));
        Assert.Equal(2, ServerFixture.Text(saved).Split("fox.mp4").Length);
        Assert.Equal(2, saved.StructuredContent!.Value.GetRawText().Split("fox.mp4").Length);
    }

    private static async Task<List<string>> GenerateAsync(ServerFixture server, int count)
    {
        var ids = new List<string>();
        for (var i = 0; i < count; i++)
            ids.Add(
                (await server.GetAsync("generate_video", $$"""{"prompt":"clip {{i}}","request_key":"clip-{{i}}"}"""))
                    .TaskId());
        return ids;
    }

    private static Task<JsonElement> WaitAsync(ServerFixture server, IEnumerable<string> ids) =>
        server.GetAsync("wait_video_task", $$"""{"task_ids":[{{Json(ids)}}]}""");

    private static async Task<string> AllAsync(ServerFixture server, string tool, string arguments)
    {
        var result = await server.CallAsync(tool, arguments);
        return ServerFixture.Text(result) + result.StructuredContent!.Value.GetRawText();
    }

    private static string Json(IEnumerable<string> ids) => string.Join(',', ids.Select(id => $"\"{id}\""));
}
