using OmniTools.Mcp.Tools;

namespace OmniTools.Mcp.Tests;

/// <summary>How long a wait takes, by a clock that the test moves, and the progress it reports.</summary>
public sealed class WaitTests : IAsyncLifetime
{
    private readonly TestTimeProvider clock = new();
    private LoopbackProvider provider = null!;

    public async ValueTask InitializeAsync()
    {
        provider = await LoopbackProvider.StartAsync(Contract.ApiMart);
        provider.PollsUntilDone = null;
    }

    public ValueTask DisposeAsync() => provider.DisposeAsync();

    [Theory]
    [InlineData(1800, false, WaitVideoTaskTool.QuietSeconds)]
    [InlineData(1800, true, 1800)]
    [InlineData(120, true, 120)]
    [InlineData(30, false, 30)]
    public async Task A_wait_lasts_more_than_45_seconds_only_with_progress_reports(
        int asked, bool hasProgress, int expected)
    {
        await using var server = await ServerFixture.StartAsync(
            provider, timeProvider: clock, clientTimeProvider: clock);
        await server.GetAsync("generate_video", """{"prompt":"a fox","request_key":"fox"}""");

        var waiting = server.GetAsync(
            "wait_video_task",
            $$"""{"task_ids":["fox"],"timeout_seconds":{{asked}}}""",
            hasProgress ? new ProgressRecorder() : null);
        await clock.WhenWaitingAsync();
        clock.Advance(TimeSpan.FromSeconds(expected - 1));
        await server.GetAsync("list_video_tasks");
        Assert.False(waiting.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));

        var answer = await waiting;
        Assert.False(answer.GetProperty("all_ended").GetBoolean());
        Assert.True(answer.GetProperty("retry_after_seconds").GetInt32() > 0);
        Assert.Equal("fox", answer.GetProperty("tasks")[0].GetProperty("request_key").GetString());
    }

    [Fact]
    public async Task The_progress_of_a_wait_for_several_says_how_many_are_done_and_how_far_the_slowest_is()
    {
        await using var server = await ServerFixture.StartAsync(provider);
        foreach (var key in new[] { "one", "two", "three" })
            await server.GetAsync("generate_video", $$"""{"prompt":"a fox","request_key":"{{key}}"}""");
        provider.Complete("one");
        provider.Complete("two");
        provider.Progress("three", 60);
        var expected = $"2 of 3 done; {provider.Tasks.Single(task => task.Key == "three").Id} 60%";
        var reported = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var progress = new ProgressRecorder
        {
            OnEach = value =>
            {
                if (value.Message!.StartsWith(expected, StringComparison.Ordinal))
                    reported.TrySetResult();
            },
        };

        var waiting = server.GetAsync(
            "wait_video_task", """{"task_ids":["one","two","three"],"timeout_seconds":60}""", progress);
        await Task.WhenAny(reported.Task, waiting);
        provider.Complete("three");

        Assert.True(reported.Task.IsCompleted, string.Join('\n', progress.Values.Select(value => value.Message)));
        Assert.True((await waiting).GetProperty("all_ended").GetBoolean());
        progress.AssertIncreasing();
    }
}
