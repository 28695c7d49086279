using OmniTools.Errors;
using OmniTools.VideoTasks;

namespace OmniTools.Core.Tests.Waiting;

/// <summary>When a task is polled, and how often and how many polls at once a provider receives.</summary>
public sealed class PollIntervalTests
{
    [Theory]
    [InlineData(null, 5)]
    [InlineData(1, 2)]
    [InlineData(12, 6)]
    [InlineData(300, 10)]
    public async Task The_first_poll_comes_by_the_providers_hint(int? estimate, double second)
    {
        await using var fixture = new SchedulerFixture();
        await using var wait = fixture.Wait(fixture.CreateTask("a", estimate: estimate));
        await fixture.PassAsync(second - 0.001);
        Assert.Empty(fixture.Polls);
        await fixture.PassAsync(0.001);
        Assert.Equal([second], fixture.SecondsOf("a"));
    }

    [Fact]
    public async Task A_task_older_than_the_hint_is_polled_at_once()
    {
        await using var fixture = new SchedulerFixture();
        await using var wait = fixture.Wait(fixture.CreateTask("a", age: TimeSpan.FromHours(1)));
        await fixture.PassAsync(0.001);
        Assert.Single(fixture.Polls);
    }

    [Fact]
    public async Task Intervals_grow_gently_from_two_seconds_to_ten()
    {
        await using var fixture = new SchedulerFixture();
        await using var wait = fixture.Wait(fixture.CreateTask("a"));
        await fixture.PassAsync(300);
        var intervals = Intervals(fixture.SecondsOf("a"));
        Assert.InRange(intervals[0], 2, 3);
        Assert.Equal(10, intervals[^1], 0.01);
        Assert.All(intervals.Zip(intervals.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, -0.002, 1));
    }

    [Fact]
    public async Task The_poll_interval_is_shortest_near_the_expected_end()
    {
        await using var fixture = new SchedulerFixture();
        await using var wait = fixture.Wait(fixture.CreateTask("a", estimate: 100));
        await fixture.PassAsync(130);
        var seconds = fixture.SecondsOf("a");
        Assert.All(Intervals([.. seconds.Where(at => at is > 80 and < 120)]),
            interval => Assert.Equal(2, interval, 0.01));
        Assert.All(Intervals([.. seconds.Where(at => at is > 40 and < 80)]),
            interval => Assert.InRange(interval, 4, 8));
    }

    [Fact]
    public async Task Polls_of_tasks_submitted_together_spread_out()
    {
        await using var fixture = new SchedulerFixture();
        var random = new Random(1);
        fixture.Randomizer = random.NextDouble;
        await using var wait = fixture.Wait(fixture.CreateTask("a"), fixture.CreateTask("b"));
        await fixture.PassAsync(300);
        var (a, b) = (Intervals(fixture.SecondsOf("a")), Intervals(fixture.SecondsOf("b")));
        Assert.Equal(0.1, fixture.SecondsOf("b")[0] - fixture.SecondsOf("a")[0], 0.01);
        Assert.True(
            fixture.SecondsOf("a").Zip(fixture.SecondsOf("b")).Max(pair => Math.Abs(pair.First - pair.Second)) > 1);
        Assert.All(a.Concat(b), interval => Assert.InRange(interval, 1.8, 11.21));
    }

    [Fact]
    public async Task Retry_After_of_a_poll_pauses_its_provider_and_no_other()
    {
        await using var fixture = new SchedulerFixture();
        fixture.Answer = (task, count, _) => task.Id == "a" && count == 1
            ? throw new OmniException(OmniErrorKind.RateLimited, "too much", new()
            {
                RetryAt = fixture.Clock.GetUtcNow().AddSeconds(40),
            })
            : Task.FromResult(SchedulerFixture.Working(task));
        await using var wait = fixture.Wait(
            fixture.CreateTask("a"), fixture.CreateTask("b"), fixture.CreateTask("c", "apimart"));
        await fixture.PassAsync(44.9);
        Assert.Equal([5.0], fixture.SecondsOf("a"));
        Assert.Empty(fixture.SecondsOf("b"));
        Assert.True(fixture.SecondsOf("c").Count > 5);
        await fixture.PassAsync(2);
        Assert.Equal(45, fixture.SecondsOf("b")[0], 0.2);
        Assert.Equal(45, fixture.SecondsOf("a")[1], 0.2);
    }

    [Fact]
    public async Task An_absurd_Retry_After_is_a_pause_of_ten_minutes()
    {
        await using var fixture = new SchedulerFixture();
        fixture.Answer = (task, count, _) => count == 1
            ? throw new OmniException(OmniErrorKind.RateLimited, "too much", new()
            {
                RetryAt = fixture.Clock.GetUtcNow().AddHours(20),
            })
            : Task.FromResult(SchedulerFixture.Done(task));
        await using var wait = fixture.Wait(fixture.CreateTask("a"));
        await fixture.PassAsync(606);
        Assert.Equal(605, fixture.SecondsOf("a")[1], 0.1);
        Assert.True(Assert.Single(await SchedulerFixture.EndAsync(wait)).IsLast);
    }

    [Fact]
    public async Task At_most_eight_polls_of_a_provider_are_in_flight()
    {
        await using var fixture = new SchedulerFixture();
        var free = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        fixture.Answer = async (task, _, cancellationToken) =>
        {
            if (task.Provider == "toapis")
                await free.Task.WaitAsync(cancellationToken);
            return SchedulerFixture.Done(task);
        };
        await using var wait = fixture.Wait([.. Many(fixture, 30), fixture.CreateTask("other", "apimart")]);
        await fixture.PassAsync(60);
        Assert.Equal((8, 9), (fixture.InFlight, fixture.Polls.Count));
        free.SetResult();
        await fixture.ReleaseAsync();
        await fixture.PassAsync(5);
        Assert.Equal(31, fixture.Polls.Count);
        Assert.Empty(wait.Open);
    }

    [Fact]
    public async Task At_most_ten_polls_a_second_are_begun_and_saturated_it_is_ten()
    {
        await using var fixture = new SchedulerFixture();
        await using var wait = fixture.Wait([.. Many(fixture, 200, TimeSpan.FromHours(1))]);
        await fixture.PassAsync(100);
        Assert.InRange(fixture.MostInASecond, 10, 10);
        Assert.InRange(fixture.Polls.Count, 995, 1001);
    }

    [Fact]
    public async Task A_saturated_poll_schedule_polls_every_task()
    {
        await using var fixture = new SchedulerFixture();
        var random = new Random(2);
        fixture.Randomizer = random.NextDouble;
        // One poll of each of 400 tasks takes 40 s. Half of the tasks are overdue, the others far from their end.
        await using var wait = fixture.Wait(
            [.. Enumerable.Range(0, 400)
            .Select(i => fixture.CreateTask($"{i}", estimate: i % 2 == 0 ? 1 : 3600, age: TimeSpan.FromHours(1)))]);
        await fixture.PassAsync(600);
        foreach (var task in Enumerable.Range(0, 400).Select(i => fixture.SecondsOf($"{i}")))
            Assert.InRange(Intervals(task).Max(), 0, 40 + 11 + 1);
    }

    private static IEnumerable<VideoTask> Many(SchedulerFixture fixture, int count, TimeSpan age = default) =>
        Enumerable.Range(0, count).Select(i => fixture.CreateTask($"task-{i}", age: age));

    private static double[] Intervals(IReadOnlyList<double> seconds) =>
        [.. seconds.Zip(seconds.Skip(1), (from, to) => to - from)];
}
