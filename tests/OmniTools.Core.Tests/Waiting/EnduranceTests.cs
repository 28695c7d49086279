using OmniTools.Errors;
using OmniTools.VideoTasks;
using OmniTools.Waiting;

namespace OmniTools.Core.Tests.Waiting;

/// <summary>
/// Waits through failures, clock changes and disposal, waits that share a task, and a wait for very many tasks.
/// </summary>
public sealed class EnduranceTests
{
    private static CompletionLookup NothingEnded =>
        new(tasks => Task.FromResult<IReadOnlyList<VideoTask?>>(new VideoTask?[tasks.Count]));

    [Theory]
    [InlineData(OmniErrorKind.ProviderUnavailable)]
    [InlineData(OmniErrorKind.RateLimited)]
    [InlineData(OmniErrorKind.TimedOut)]
    public async Task Failed_polls_are_repeated_at_growing_intervals_and_the_wait_continues(OmniErrorKind kind)
    {
        await using var fixture = new SchedulerFixture();
        fixture.Answer = (task, count, _) =>
            count < 8 ? throw new OmniException(kind, "not now") : Task.FromResult(SchedulerFixture.Done(task));
        await using var wait = fixture.Wait(fixture.CreateTask("a"));
        wait.CompleteAdding();
        await fixture.PassAsync(600);
        Assert.Equal(VideoTaskStatus.Completed, Assert.Single(await SchedulerFixture.ReadAsync(wait)).Task.Status);
        var seconds = fixture.SecondsOf("a");
        var intervals = seconds.Zip(seconds.Skip(1), (from, to) => to - from).ToList();
        Assert.All(intervals.Zip(intervals.Skip(1)), pair => Assert.True(pair.Second >= pair.First - 0.001));
        Assert.Equal(60, intervals[^1], 0.1);
    }

    [Fact]
    public async Task The_poll_interval_returns_to_normal_after_a_failure_has_passed()
    {
        await using var fixture = new SchedulerFixture();
        fixture.Answer = (task, count, _) =>
            count is > 1 and < 4 ? throw new OmniException(OmniErrorKind.ProviderUnavailable,
            "not now") : Task.FromResult(SchedulerFixture.Working(task));
        await using var wait = fixture.Wait(fixture.CreateTask("a"));
        await fixture.PassAsync(60);
        var seconds = fixture.SecondsOf("a");
        Assert.InRange(seconds[4] - seconds[3], 2, 5);
    }

    [Fact]
    public async Task An_outage_over_many_tasks_loses_none_and_stays_within_the_poll_rate()
    {
        await using var fixture = new SchedulerFixture();
        fixture.Answer = (task, _, _) => fixture.Clock.GetUtcNow().Minute == 0
            ? throw new OmniException(OmniErrorKind.ProviderUnavailable, "502")
            : Task.FromResult(SchedulerFixture.Done(task));
        await using var wait = fixture.Wait([.. Enumerable.Range(0, 50).Select(i => fixture.CreateTask($"{i}"))]);
        wait.CompleteAdding();
        await fixture.PassAsync(180);
        var changes = await SchedulerFixture.ReadAsync(wait);
        Assert.Equal(50, changes.Count);
        Assert.All(changes, change => Assert.Null(change.Failure));
        Assert.True(fixture.Polls.Count > 100);
        Assert.InRange(fixture.MostInASecond, 1, 10);
    }

    [Fact]
    public async Task An_unexpected_exception_of_a_poll_ends_only_its_task_with_a_message()
    {
        await using var fixture = new SchedulerFixture();
        fixture.Answer = (task, _, _) =>
            task.Id == "bad" ? throw new FormatException("odd") : Task.FromResult(SchedulerFixture.Done(task));
        await using var wait = fixture.Wait(fixture.CreateTask("bad"), fixture.CreateTask("good"));
        wait.CompleteAdding();
        await fixture.PassAsync(10);
        var changes = await SchedulerFixture.ReadAsync(wait);
        Assert.Contains("odd", Assert.Single(changes, change => change.Task.Id == "bad").Failure!.Message,
            StringComparison.Ordinal);
        Assert.Single(changes, change => change.Task.Id == "good" && change.Failure is null);
    }

    [Fact]
    public async Task A_clock_that_jumps_an_hour_delays_no_poll()
    {
        var clock = new JumpingClock();
        var polls = 0;
        await using var scheduler = new PollScheduler(clock, () => 0.5, (task, _) =>
        {
            Interlocked.Increment(ref polls);
            return Task.FromResult(SchedulerFixture.Working(task));
        }, _ => null);
        await using var wait = new VideoTaskWait(scheduler, NothingEnded, new() { Timeout = TimeSpan.FromMinutes(5) },
            clock);
        wait.Add(new()
        {
            RequestKey = "k",
            Provider = "toapis",
            Status = VideoTaskStatus.Queued,
            CreatedAt = clock.GetUtcNow(),
        });
        while (wait.IsLookingUp)
            await Task.Yield();
        foreach (var jump in new[] { TimeSpan.FromHours(-1), TimeSpan.FromHours(1), TimeSpan.FromHours(1) })
        {
            clock.Offset += jump;
            var before = polls;
            for (var second = 0; second < 30; second++)
            {
                clock.Inner.Advance(TimeSpan.FromSeconds(1));
                while (clock.Inner.Waiting == 0)
                    await Task.Yield();
            }
            Assert.InRange(polls - before, 2, 15);
        }
        Assert.False(wait.TimedOut);
        clock.Inner.Advance(TimeSpan.FromMinutes(3.6));
        Assert.True(wait.TimedOut);
    }

    [Fact]
    public async Task A_wait_continues_within_the_poll_rate_after_an_hour_of_sleep()
    {
        await using var fixture = new SchedulerFixture();
        await using var wait = fixture.Wait([.. Enumerable.Range(0, 50).Select(i => fixture.CreateTask($"{i}"))]);
        await fixture.PassAsync(20);
        fixture.Clock.Advance(TimeSpan.FromHours(1));
        await fixture.PassAsync(20);
        Assert.Equal(50,
            fixture.Polls.Where(poll => poll.At > TimeSpan.FromHours(1)).Select(poll => poll.Id).Distinct().Count());
        // The polls in flight when the machine fell asleep, and those that the rate allows.
        Assert.InRange(fixture.MostInASecond, 1, 8 + 10);
        Assert.False(wait.TimedOut);
    }

    [Fact]
    public async Task A_wait_for_10000_tasks_reports_every_end()
    {
        await using var fixture = new SchedulerFixture();
        await using var scheduler = new PollScheduler(TimeProvider.System, () => 0.5,
            (task, _) => Task.FromResult(SchedulerFixture.Done(task)), _ => null);
        await using var wait = new VideoTaskWait(scheduler, NothingEnded, new(), TimeProvider.System);
        for (var i = 0; i < 10_000; i++)
            wait.Add(fixture.CreateTask($"{i}") with { IsSandbox = true });
        wait.CompleteAdding();
        Assert.Equal(10_000, (await SchedulerFixture.ReadAsync(wait)).Count(change => change.IsLast));
    }

    [Fact]
    public async Task Two_waits_for_one_task_share_its_polls_and_both_report_everything()
    {
        await using var fixture = new SchedulerFixture();
        fixture.Answer = (task, count, _) =>
            Task.FromResult(count < 4 ? SchedulerFixture.Working(task, count * 10) : SchedulerFixture.Done(task));
        var task = fixture.CreateTask("a");
        await using var first = fixture.Wait(task);
        await fixture.PassAsync(8);
        await using var second = fixture.Wait(task);
        first.CompleteAdding();
        second.CompleteAdding();
        Assert.Equal(20, Assert.Single(second.Open).Progress);
        await fixture.PassAsync(60);
        Assert.Equal([10, 20, 30, 30],
            (await SchedulerFixture.ReadAsync(first)).Select(change => change.Task.Progress));
        Assert.Equal([20, 30, 30], (await SchedulerFixture.ReadAsync(second)).Select(change => change.Task.Progress));
        Assert.Equal(4, fixture.Polls.Count);
    }

    [Fact]
    public async Task Disposing_one_of_two_waits_does_not_affect_the_other()
    {
        await using var fixture = new SchedulerFixture();
        var free = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cancelled = false;
        fixture.Answer = async (task, _, cancellationToken) =>
        {
            cancellationToken.Register(() => cancelled = true);
            await free.Task.WaitAsync(cancellationToken);
            return SchedulerFixture.Done(task);
        };
        await using var first = fixture.Wait(fixture.CreateTask("a"));
        await using var second = fixture.Wait(fixture.CreateTask("a"));
        second.CompleteAdding();
        await fixture.PassAsync(5);
        await first.DisposeAsync();
        Assert.False(cancelled);
        free.SetResult();
        await fixture.ReleaseAsync();
        Assert.True(Assert.Single(await SchedulerFixture.ReadAsync(second)).IsLast);
        Assert.Empty(await SchedulerFixture.ReadAsync(first));
    }

    [Fact]
    public async Task Disposing_the_last_wait_cancels_the_poll_in_flight_and_a_new_wait_begins_afresh()
    {
        await using var fixture = new SchedulerFixture();
        fixture.Answer = async (task, count, cancellationToken) =>
        {
            if (count == 1)
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return SchedulerFixture.Done(task);
        };
        var wait = fixture.Wait(fixture.CreateTask("a"));
        await fixture.PassAsync(5);
        Assert.Equal(1, fixture.InFlight);
        await wait.DisposeAsync();
        await fixture.ReleaseAsync();
        await using var again = fixture.Wait(wait.Open[0]);
        again.CompleteAdding();
        await fixture.PassAsync(1);
        Assert.True(Assert.Single(await SchedulerFixture.ReadAsync(again)).IsLast);
        Assert.Equal(2, fixture.Polls.Count);
    }

    [Fact]
    public async Task The_end_of_the_client_ends_every_wait_even_an_empty_one()
    {
        var fixture = new SchedulerFixture();
        fixture.Answer = async (task, _, cancellationToken) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return task;
        };
        var (busy, empty) = (fixture.Wait(fixture.CreateTask("a")), fixture.Wait());
        var reading = SchedulerFixture.ReadAsync(empty);
        await fixture.PassAsync(6);
        await fixture.DisposeAsync();
        Assert.Empty(await reading);
        Assert.Empty(await SchedulerFixture.ReadAsync(busy));
        Assert.Single(busy.Open);
        Assert.Throws<ObjectDisposedException>(() => fixture.Wait());
    }

    /// <summary>A clock whose wall time can be changed; its timers do not notice.</summary>
    private sealed class JumpingClock : TimeProvider
    {
        public TestTimeProvider Inner { get; } = new();

        public TimeSpan Offset { get; set; }

        public override long TimestampFrequency => Inner.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => Inner.GetUtcNow() + Offset;

        public override long GetTimestamp() => Inner.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            Inner.CreateTimer(callback, state, dueTime, period);
    }
}
