using OmniTools.Configuration;
using OmniTools.Mcp.Tools;

namespace OmniTools.Mcp.Tests;

/// <summary>How long a wait takes, by a clock that the test moves, and what it tells meanwhile.</summary>
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
        int asked, bool isTold, int expected)
    {
        await using var server = await StartAsync(clock);
        await server.GetAsync("generate_video", """{"prompt":"a fox","request_key":"fox"}""");

        var waiting = server.GetAsync(
            "wait_video_task",
            $$"""{"task_ids":["fox"],"timeout_seconds":{{asked}}}""",
            isTold ? new ProgressRecorder() : null);
        await clock.WhenWaitingAsync();
        clock.Advance(TimeSpan.FromSeconds(expected - 1));
        await server.GetAsync("list_video_tasks");
        Assert.False(waiting.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));

        var answer = await waiting;
        Assert.False(answer.GetProperty("all_ended").GetBoolean());
        Assert.Equal("fox", answer.GetProperty("tasks")[0].GetProperty("request_key").GetString());
    }

    [Fact]
    public async Task The_progress_of_a_wait_for_several_says_how_many_are_done_and_how_far_the_slowest_is()
    {
        await using var server = await StartAsync(TimeProvider.System);
        foreach (var key in new[] { "one", "two", "three" })
            await server.GetAsync("generate_video", $$"""{"prompt":"a fox","request_key":"{{key}}"}""");
        provider.Complete("one");
        provider.Complete("two");
        provider.Progress("three", 60);
        var expected = $"2 of 3 done; {provider.Tasks.Single(task => task.Key == "three").Id} 60%";
        var said = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var told = new ProgressRecorder
        {
            OnEach = value =>
            {
                if (value.Message!.StartsWith(expected, StringComparison.Ordinal))
                    said.TrySetResult();
            },
        };

        var waiting = server.GetAsync(
            "wait_video_task", """{"task_ids":["one","two","three"],"timeout_seconds":60}""", told);
        await Task.WhenAny(said.Task, waiting);
        provider.Complete("three");

        Assert.True(said.Task.IsCompleted, string.Join('\n', told.Values.Select(value => value.Message)));
        Assert.True((await waiting).GetProperty("all_ended").GetBoolean());
        Assert.All(told.Values.Zip(told.Values.Skip(1)), pair =>
            Assert.True(pair.Second.Progress > pair.First.Progress));
    }

    private Task<ServerFixture> StartAsync(TimeProvider timeProvider) =>
        ServerFixture.StartAsync(
            settings =>
                settings with
                {
                    IsSandbox = false,
                    DefaultProvider = "apimart",
                    Providers = new Dictionary<string, ProviderSettings>
                    {
                        ["apimart"] = new() { Key = new(provider.ApiKey), BaseAddress = provider.BaseAddress },
                    },
                },
            settings => new OmniClient(settings, TestSettings.Options with { TimeProvider = timeProvider }),
            timeProvider: timeProvider);
}
