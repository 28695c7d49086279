namespace OmniTools.Mcp.Tests;

/// <summary>list_video_tasks: search, pages, expired URLs.</summary>
public sealed class ListVideoTasksTests
{
    [Fact]
    public async Task A_clip_whose_URL_has_expired_is_reported_as_such()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.GetAsync("generate_video", """{"prompt":"a fox [expired]","request_key":"gone"}""");

        var waited = await server.TextAsync("wait_video_task", """{"task_ids":["gone"]}""");
        var listed = await server.TextAsync("list_video_tasks", """{"unsaved":true}""");

        AssertText.Contains("completed, not saved, the URL expired ", waited);
        AssertText.DoesNotContain("works until", waited);
        AssertText.Contains("completed, not saved, the URL expired ", listed);
    }

    [Fact]
    public async Task A_search_finds_tasks_by_prompt_key_and_id_in_any_case()
    {
        await using var server = await ServerFixture.StartAsync();
        var fox = await server.GetAsync("generate_video", """{"prompt":"A Fox in the snow","request_key":"shot-1"}""");
        await server.GetAsync("generate_video", """{"prompt":"a boat","request_key":"shot-2"}""");

        foreach (var text in new[] { "fox", "SHOT-1", fox.TaskId() })
        {
            var found = await server.GetAsync("list_video_tasks", $$"""{"search":"{{text}}"}""");
            Assert.Equal(["shot-1"], found.Strings("tasks", "request_key"));
        }
        AssertText.Contains("No such tasks.", await server.TextAsync("list_video_tasks", """{"search":"100%"}"""));
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

        Assert.Equal(["a-3", "a-2"], first.Strings("tasks", "request_key"));
        Assert.Equal(["a-1"], second.Strings("tasks", "request_key"));
        Assert.False(second.TryGetProperty("next_cursor", out _));
    }
}
