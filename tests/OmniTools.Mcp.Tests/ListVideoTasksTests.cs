using System.Text.Json;

namespace OmniTools.Mcp.Tests;

/// <summary>list_video_tasks: search, pages, expired URLs.</summary>
public sealed class ListVideoTasksTests
{
    [Fact]
    public async Task A_clip_whose_URL_has_expired_is_reported_as_such()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.GetAsync("generate_video", """{"prompt":"a fox [expired]","request_key":"gone"}""");

        var waited = ServerFixture.Text(await server.CallAsync("wait_video_task", """{"task_ids":["gone"]}"""));
        var listed = ServerFixture.Text(await server.CallAsync("list_video_tasks", """{"unsaved":true}"""));

        Assert.Contains("completed, not saved, the URL expired ", waited, StringComparison.Ordinal);
        Assert.DoesNotContain("works until", waited, StringComparison.Ordinal);
        Assert.Contains("completed, not saved, the URL expired ", listed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_finds_tasks_by_prompt_key_and_id_in_any_case()
    {
        await using var server = await ServerFixture.StartAsync();
        var fox = await server.GetAsync("generate_video", """{"prompt":"A Fox in the snow","request_key":"shot-1"}""");
        await server.GetAsync("generate_video", """{"prompt":"a boat","request_key":"shot-2"}""");

        foreach (var text in new[] { "fox", "SHOT-1", fox.GetProperty("task").GetProperty("id").GetString()! })
        {
            var found = await server.GetAsync("list_video_tasks", $$"""{"search":"{{text}}"}""");
            Assert.Equal(
                ["shot-1"],
                found.GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("request_key").GetString())
            );
        }
        Assert.Contains(
            "No such tasks.",
            ServerFixture.Text(await server.CallAsync("list_video_tasks", """{"search":"100%"}""")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_is_paged_by_a_cursor_that_an_answer_gives()
    {
        await using var server = await ServerFixture.StartAsync();
        foreach (var key in new[] { "a-1", "a-2", "a-3" })
            await server.GetAsync("generate_video", $$"""{"prompt":"{{key}}","request_key":"{{key}}"}""");

        var first = await server.GetAsync("list_video_tasks", """{"limit":2}""");
        var second = await server.GetAsync(
            "list_video_tasks", $$"""{"limit":2,"cursor":"{{first.GetProperty("next_cursor").GetString()}}"}""");

        Assert.Equal(["a-3", "a-2"], Keys(first));
        Assert.Equal(["a-1"], Keys(second));
        Assert.False(second.TryGetProperty("next_cursor", out _));
    }

    private static IEnumerable<string?> Keys(JsonElement answer) =>
        answer.GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("request_key").GetString());
}
