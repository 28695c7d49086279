using OmniTools.Errors;
using OmniTools.VideoTasks;

namespace OmniTools.Core.Tests.Waiting;

/// <summary>When one task is polled, and when its provider is.</summary>
public sealed class PollIntervalTests
{
    [Theory]
    [InlineData(null, 5)]
    [InlineData(1, 2)]
    [InlineData(12, 6)]
    [InlineData(300, 10)]
    public async Task The_first_poll_comes_by_the_providers_hint(int? estimate, double second)
    {
        await using var rig = new SchedulerFixture();
        await using var wait = rig.Wait(rig.CreateTask("a", estimate: estimate));
        await rig.PassAsync(second - 0.001);
        Assert.Empty(rig.Polls);
        await rig.PassAsync(0.001);
        Assert.Equal([second], rig.SecondsOf("a"));
    }

    [Fact]
    public async Task A_task_older_than_the_hint_is_polled_at_once()
    {
        await using var rig = new SchedulerFixture();
        await using var wait = rig.Wait(rig.CreateTask("a", age: TimeSpan.FromHours(1)));
        await rig.PassAsync(0.001);
        Assert.Single(rig.Polls);
    }

    [Fact]
    public async Task Intervals_grow_gently_from_two_seconds_to_ten()
    {
        await using var rig = new SchedulerFixture();
        await using var wait = rig.Wait(rig.CreateTask("a"));
        await rig.PassAsync(300);
        var intervals = Intervals(rig.SecondsOf("a"));
        Assert.InRange(intervals[0], 2, 3);
        Assert.Equal(10, intervals[^1], 0.01);
        Assert.All(intervals.Zip(intervals.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, -0.002, 1));
    }

    [Fact]
    public async Task The_poll_interval_is_shortest_near_the_expected_end()
    {
        await using var rig = new SchedulerFixture();
        await using var wait = rig.Wait(rig.CreateTask("a", estimate: 100));
        await rig.PassAsync(130);
        var seconds = rig.SecondsOf("a");
        Assert.All(Intervals([.. seconds.Where(at => at is > 80 and < 120)]),
            interval => Assert.Equal(2, interval, 0.01));
        Assert.All(Intervals([.. seconds.Where(at => at is > 40 and < 80)]),
            interval => Assert.InRange(interval, 4, 8));
    }

    [Fact]
    public async Task Polls_of_tasks_submitted_together_spread_out()
    {
        await using var rig = new SchedulerFixture();
        var dice = new Random(1);
        rig.Randomizer = dice.NextDouble;
        await using var wait = rig.Wait(rig.CreateTask("a"), rig.CreateTask("b"));
        await rig.PassAsync(300);
        var (a, b) = (Intervals(rig.SecondsOf("a")), Intervals(rig.SecondsOf("b")));
        Assert.Equal(0.1, rig.SecondsOf("b")[0] - rig.SecondsOf("a")[0], 0.01);
        Assert.True(rig.SecondsOf("a").Zip(rig.SecondsOf("b")).Max(pair => Math.Abs(pair.First - pair.Second)) > 1);
        Assert.All(a.Concat(b), interval => Assert.InRange(interval, 1.8, 11.21));
    }

    [Fact]
    public async Task Retry_After_of_a_poll_pauses_its_provider_and_no_other()
    {
        await using var rig = new SchedulerFixture();
        rig.Answer = (task, count, _) => task.Id == "a" && count == 1
            ? throw new OmniException(OmniErrorKind.RateLimited, "too much", new()
            {
                RetryAt = rig.Clock.GetUtcNow().AddSeconds(40),
            })
            : Task.FromResult(SchedulerFixture.Working(task));
        await using var wait = rig.Wait(rig.CreateTask("a"), rig.CreateTask("b"), rig.CreateTask("c", "apimart"));
        await rig.PassAsync(44.9);
        Assert.Equal([5.0], rig.SecondsOf("a"));
        Assert.Empty(rig.SecondsOf("b"));
        Assert.True(rig.SecondsOf("c").Count > 5);
        await rig.PassAsync(2);
        Assert.Equal(45, rig.SecondsOf("b")[0], 0.2);
        Assert.Equal(45, rig.SecondsOf("a")[1], 0.2);
    }

    [Fact]
    public async Task An_absurd_Retry_After_is_a_pause_of_ten_minutes()
    {
        await using var rig = new SchedulerFixture();
        rig.Answer = (task, count, _) => count == 1
            ? throw new OmniException(OmniErrorKind.RateLimited, "too much", new()
            {
                RetryAt = rig.Clock.GetUtcNow().AddHours(20),
            })
            : Task.FromResult(SchedulerFixture.Done(task));
        await using var wait = rig.Wait(rig.CreateTask("a"));
        await rig.PassAsync(606);
        Assert.Equal(605, rig.SecondsOf("a")[1], 0.1);
        Assert.True(Assert.Single(await SchedulerFixture.EndAsync(wait)).IsLast);
    }

    [Fact]
    public async Task At_most_eight_polls_of_a_provider_are_in_flight()
    {
        await using var rig = new SchedulerFixture();
        var free = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.Answer = async (task, _, cancellationToken) =>
        {
            if (task.Provider == "toapis")
                await free.Task.WaitAsync(cancellationToken);
            return SchedulerFixture.Done(task);
        };
        await using var wait = rig.Wait([.. Many(rig, 30), rig.CreateTask("other", "apimart")]);
        await rig.PassAsync(60);
        Assert.Equal((8, 9), (rig.Scheduler.Running, rig.Polls.Count));
        free.SetResult();
        await rig.DrainAsync();
        await rig.PassAsync(5);
        Assert.Equal(31, rig.Polls.Count);
        Assert.Empty(wait.Open);
    }

    [Fact]
    public async Task At_most_ten_polls_a_second_are_begun_and_saturated_it_is_ten()
    {
        await using var rig = new SchedulerFixture();
        await using var wait = rig.Wait([.. Many(rig, 200, TimeSpan.FromHours(1))]);
        await rig.PassAsync(100);
        Assert.InRange(rig.MostInASecond, 10, 10);
        Assert.InRange(rig.Polls.Count, 995, 1001);
    }

    [Fact]
    public async Task A_saturated_poll_schedule_polls_every_task()
    {
        await using var rig = new SchedulerFixture();
        var dice = new Random(2);
        rig.Randomizer = dice.NextDouble;
        // 400 tasks are 40 s of polls; half of them say for ever that they end at once.
        await using var wait = rig.Wait(
            [.. Enumerable.Range(0, 400)
            .Select(i => rig.CreateTask($"{i}", estimate: i % 2 == 0 ? 1 : 3600, age: TimeSpan.FromHours(1)))]);
        await rig.PassAsync(600);
        foreach (var task in Enumerable.Range(0, 400).Select(i => rig.SecondsOf($"{i}")))
            Assert.InRange(Intervals(task).Max(), 0, 40 + 15 + 11);
    }

    [Fact]
    public async Task A_saturated_poll_schedule_polls_tasks_near_their_end_first()
    {
        await using var rig = new SchedulerFixture();
        var far = Enumerable.Range(0, 100)
            .Select(i => rig.CreateTask($"far-{i}", estimate: 7200, age: TimeSpan.FromHours(1)));
        var soon = Enumerable.Range(0, 20)
            .Select(i => rig.CreateTask($"soon-{i}", estimate: 3600, age: TimeSpan.FromHours(1)));
        await using var wait = rig.Wait([.. far, .. soon]);
        await rig.PassAsync(12);
        // The first may begin before any other is added.
        Assert.All(rig.Polls.Skip(1).Take(20), poll => Assert.StartsWith("soon-", poll.Id, StringComparison.Ordinal));
    }

    private static IEnumerable<VideoTask> Many(SchedulerFixture rig, int count, TimeSpan age = default) =>
        Enumerable.Range(0, count).Select(i => rig.CreateTask($"task-{i}", age: age));

    private static double[] Intervals(IReadOnlyList<double> seconds) =>
        [.. seconds.Zip(seconds.Skip(1), (from, to) => to - from)];
}
