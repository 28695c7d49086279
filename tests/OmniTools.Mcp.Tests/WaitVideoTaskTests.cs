namespace OmniTools.Mcp.Tests;

/// <summary>wait_video_task over the sandbox.</summary>
public sealed class WaitVideoTaskTests
{
    [Fact]
    public async Task A_wait_for_several_reports_the_one_that_cannot_be_followed_and_the_others_all_the_same()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.GetAsync("generate_video", """{"prompt":"a fox","request_key":"one"}""");

        var answer = await server.GetAsync("wait_video_task", """{"task_ids":["one","no-such-task"]}""");

        Assert.Equal(
            "completed", Assert.Single(answer.GetProperty("tasks").EnumerateArray()).GetProperty("status").GetString());
        Assert.Equal(
            "no-such-task",
            Assert.Single(answer.GetProperty("failures").EnumerateArray()).GetProperty("task_id").GetString());
        AssertText.StartsWith(
            "not_found: ", await server.RefusalAsync("wait_video_task", """{"task_ids":["no-such-task"]}"""));
    }

    [Fact]
    public async Task Cancelling_a_wait_leaves_the_task_alone()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.GetAsync("generate_video", """{"prompt":"a fox [slow]","request_key":"w-1"}""");
        using var giveUp = new CancellationTokenSource();
        var progress = new ProgressRecorder { OnEach = _ => giveUp.Cancel() };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            server.CallAsync(
                "wait_video_task", """{"task_ids":["w-1"],"timeout_seconds":60}""", progress, giveUp.Token));

        var task = (await server.GetAsync("get_video_task", """{"task_id":"w-1"}""")).GetProperty("task");
        Assert.Contains(task.GetProperty("status").GetString(), new[] { "queued", "in_progress" });
    }
}
