
namespace OmniTools.Mcp.Tests;

/// <summary>wait_video_task over the sandbox.</summary>
public sealed class WaitVideoTaskTests
{
    [Fact]
    public async Task A_wait_whose_time_is_up_answers_normally_and_says_that_nothing_was_lost()
    {
        await using var server = await ServerFixture.StartAsync();
        var made = await server.GetAsync("generate_video", """{"prompt":"a fox [slow]","request_key":"slow-1"}""");

        var result = await server.CallAsync("wait_video_task", """{"task_ids":["slow-1"],"timeout_seconds":0}""");

        Assert.NotEqual(true, result.IsError);
        var answer = result.StructuredContent!.Value;
        Assert.False(answer.GetProperty("all_ended").GetBoolean());
        Assert.True(answer.GetProperty("retry_after_seconds").GetInt32() > 0);
        Assert.Equal(
            made.GetProperty("request_key").GetString(),
            answer.GetProperty("tasks")[0].GetProperty("request_key").GetString());
        Assert.Contains(
            "Nothing was lost, nothing needs to be submitted again",
            ServerFixture.Text(result),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wait_reports_progress_in_words_with_growing_numbers()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.GetAsync("generate_video", """{"prompt":"a fox [slow]","request_key":"p-1"}""");
        var told = new ProgressRecorder();

        await server.GetAsync("wait_video_task", """{"task_ids":["p-1"],"timeout_seconds":60}""", told);

        Assert.NotEmpty(told.Values);
        Assert.Contains("of 1 done", told.Values[0].Message, StringComparison.Ordinal);
        Assert.All(told.Values.Zip(told.Values.Skip(1)), pair =>
            Assert.True(pair.Second.Progress > pair.First.Progress));
    }

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
        Assert.StartsWith(
            "not_found: ",
            await server.RefusalAsync("wait_video_task", """{"task_ids":["no-such-task"]}"""),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_a_wait_leaves_the_task_alone()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.GetAsync("generate_video", """{"prompt":"a fox [slow]","request_key":"w-1"}""");
        using var giveUp = new CancellationTokenSource();
        var told = new ProgressRecorder { OnFirst = giveUp.Cancel };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            server.CallAsync("wait_video_task", """{"task_ids":["w-1"],"timeout_seconds":60}""", told, giveUp.Token));

        var task = (await server.GetAsync("get_video_task", """{"task_id":"w-1"}""")).GetProperty("task");
        Assert.Contains(task.GetProperty("status").GetString(), new[] { "queued", "in_progress" });
    }
}
