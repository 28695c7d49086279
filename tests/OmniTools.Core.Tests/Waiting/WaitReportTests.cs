using OmniTools.Errors;
using OmniTools.VideoTasks;
using OmniTools.Waiting;

namespace OmniTools.Core.Tests.Waiting;

/// <summary>What a wait reports: each change and each end once, and the last state of each task.</summary>
public sealed class WaitReportTests
{
    [Fact]
    public async Task A_wait_reports_each_change_once()
    {
        await using var fixture = new SchedulerFixture();
        fixture.Answer = (task, count, _) =>
            Task.FromResult(count < 5 ? SchedulerFixture.Working(task, count / 2 * 50) : SchedulerFixture.Done(task));
        await using var wait = fixture.Wait(fixture.CreateTask("a"));
        wait.CompleteAdding();
        await fixture.PassAsync(60);
        var changes = await SchedulerFixture.ReadAsync(wait);
        Assert.Equal([0, 50, 100, 100], changes.Select(change => change.Task.Progress));
        Assert.Equal([false, false, false, true], changes.Select(change => change.IsLast));
        Assert.Equal(5, fixture.Polls.Count);
    }

    [Fact]
    public async Task A_wait_reports_each_of_many_ends_exactly_once_and_then_ends()
    {
        await using var fixture = new SchedulerFixture();
        fixture.Answer = (task, count, _) =>
            Task.FromResult(count > task.Id!.Length ? SchedulerFixture.Done(task) : SchedulerFixture.Working(task));
        var tasks = Enumerable.Range(0, 120)
            .Select(i => fixture.CreateTask($"{i}", i % 2 == 0 ? "toapis" : "apimart")).ToArray();
        await using var wait = fixture.Wait([.. tasks, .. tasks]);
        wait.CompleteAdding();
        var reading = SchedulerFixture.ReadAsync(wait);
        await fixture.PassAsync(120);
        var ends = (await reading).Where(change => change.IsLast).Select(change => change.Task.Id!).ToList();
        Assert.Equal(tasks.Select(task => task.Id!).Order(), ends.Order());
        Assert.Empty(wait.Open);
        Assert.False(wait.TimedOut);
        await fixture.PassAsync(3600);
        Assert.Equal(tasks.Sum(task => task.Id!.Length + 1), fixture.Polls.Count);
    }

    [Fact]
    public async Task A_timeout_ends_the_wait_with_the_last_state_of_every_task()
    {
        await using var fixture = new SchedulerFixture();
        fixture.Answer = (task, _, _) =>
            Task.FromResult(task.Id == "quick" ? SchedulerFixture.Done(task) : SchedulerFixture.Working(task, 30));
        await using var wait = fixture.Wait(new WaitOptions { Timeout = TimeSpan.FromSeconds(20) },
            fixture.CreateTask("quick"), fixture.CreateTask("slow"), fixture.CreateTask("other", "apimart"));
        var reading = SchedulerFixture.ReadAsync(wait);
        await fixture.PassAsync(19.9);
        Assert.False(reading.IsCompleted);
        await fixture.PassAsync(0.1);
        Assert.Equal("quick", Assert.Single(await reading, change => change.IsLast).Task.Id);
        Assert.True(wait.TimedOut);
        Assert.Equal([("other", 30), ("slow", 30)], wait.Open.Select(task => (task.Id, task.Progress ?? 0)).Order());
        var polls = fixture.Polls.Count;
        await fixture.PassAsync(600);
        Assert.Equal(polls, fixture.Polls.Count);
    }

    [Fact]
    public async Task A_timeout_is_kept_while_every_poll_hangs()
    {
        await using var fixture = new SchedulerFixture();
        fixture.Answer = async (task, _, cancellationToken) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return task;
        };
        await using var wait =
            fixture.Wait(new WaitOptions { Timeout = TimeSpan.FromSeconds(20) }, fixture.CreateTask("a"));
        await fixture.PassAsync(20);
        Assert.Empty(await SchedulerFixture.ReadAsync(wait));
        Assert.Equal("a", Assert.Single(wait.Open).Id);
        await fixture.ReleaseAsync();
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public async Task A_wait_reports_an_ended_task_that_is_added_after_the_timeout(bool isReadBefore)
    {
        await using var fixture = new SchedulerFixture();
        fixture.Known = task => task.Id == "known" ? SchedulerFixture.Done(task) : null;
        await using var wait = fixture.Wait(new WaitOptions { Timeout = TimeSpan.Zero });
        await fixture.PassAsync(1);
        if (isReadBefore)
            Assert.Empty(await SchedulerFixture.ReadAsync(wait));
        wait.Add(SchedulerFixture.Done(fixture.CreateTask("final")));
        wait.Add(fixture.CreateTask("known"));
        wait.Add(fixture.CreateTask("open"));
        wait.CompleteAdding();
        Assert.Equal(["final", "known"],
            (await SchedulerFixture.ReadAsync(wait)).Where(change => change.IsLast).Select(change => change.Task.Id)
            .Order());
        Assert.True(wait.TimedOut);
        Assert.Equal("open", Assert.Single(wait.Open).Id);
        Assert.Empty(await SchedulerFixture.ReadAsync(wait));
        Assert.Empty(fixture.Polls);
    }

    [Fact]
    public async Task A_wait_whose_tasks_had_all_ended_has_not_timed_out()
    {
        await using var fixture = new SchedulerFixture();
        fixture.Known = SchedulerFixture.Done;
        await using var wait = fixture.Wait(new WaitOptions { Timeout = TimeSpan.FromSeconds(1) });
        await fixture.PassAsync(1);
        wait.Add(fixture.CreateTask("a"));
        Assert.True(wait.TimedOut);
        wait.CompleteAdding();
        Assert.Single(await SchedulerFixture.ReadAsync(wait));
        Assert.False(wait.TimedOut);
        // PowerShell may find a task by its id after all others.
        wait.Add(fixture.CreateTask("b"));
        Assert.Equal("b", Assert.Single(await SchedulerFixture.ReadAsync(wait)).Task.Id);
    }

    [Fact]
    public async Task A_wait_for_any_ends_with_the_first_task_that_had_ended()
    {
        await using var fixture = new SchedulerFixture();
        fixture.Known = SchedulerFixture.Done;
        await using var wait = fixture.Wait(new WaitOptions { Timeout = TimeSpan.Zero, Any = true });
        await fixture.PassAsync(1);
        wait.Add(fixture.CreateTask("a"));
        wait.Add(fixture.CreateTask("b"));
        Assert.Equal("a", Assert.Single(await SchedulerFixture.ReadAsync(wait)).Task.Id);
        Assert.Equal(("b", false), (Assert.Single(wait.Open).Id, wait.TimedOut));
    }

    [Fact]
    public async Task A_disposed_wait_reports_no_more_and_still_shows_its_tasks()
    {
        await using var fixture = new SchedulerFixture();
        fixture.Known = SchedulerFixture.Done;
        var wait = fixture.Wait();
        await wait.DisposeAsync();
        wait.Add(fixture.CreateTask("a"));
        await fixture.PassAsync(1);
        Assert.Empty(await SchedulerFixture.ReadAsync(wait));
        Assert.Equal("a", Assert.Single(wait.Open).Id);
    }

    [Fact]
    public async Task Cancelling_ends_the_wait_with_the_last_state_of_every_task()
    {
        await using var fixture = new SchedulerFixture();
        await using var wait = fixture.Wait(fixture.CreateTask("a"), fixture.CreateTask("b"));
        using var stop = new CancellationTokenSource();
        var reading = Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var change in wait.ReadAllAsync(stop.Token))
                Assert.False(change.IsLast);
        });
        await fixture.PassAsync(10);
        await stop.CancelAsync();
        await reading;
        Assert.Equal([VideoTaskStatus.InProgress, VideoTaskStatus.InProgress], wait.Open.Select(task => task.Status));
        Assert.False(wait.TimedOut);
        var polls = fixture.Polls.Count;
        await fixture.PassAsync(600);
        Assert.Equal(polls, fixture.Polls.Count);
    }

    [Fact]
    public async Task A_wait_for_any_reports_one_end_and_leaves_the_others_open()
    {
        await using var fixture = new SchedulerFixture();
        fixture.Answer = (task, count, _) =>
            Task.FromResult(count == 2 ? SchedulerFixture.Done(task) : SchedulerFixture.Working(task));
        await using var wait = fixture.Wait(new WaitOptions { Any = true },
            fixture.CreateTask("a"), fixture.CreateTask("b"), fixture.CreateTask("c"));
        var reading = SchedulerFixture.ReadAsync(wait);
        await fixture.PassAsync(60);
        Assert.Single(await reading, change => change.IsLast);
        Assert.Equal(2, wait.Open.Count);
    }

    [Fact]
    public async Task Tasks_are_added_while_the_wait_runs()
    {
        await using var fixture = new SchedulerFixture();
        fixture.Answer = (task, _, _) => Task.FromResult(SchedulerFixture.Done(task));
        await using var wait = fixture.Wait();
        var reading = SchedulerFixture.ReadAsync(wait);
        for (var i = 0; i < 20; i++)
        {
            wait.Add(fixture.CreateTask($"{i}"));
            await fixture.PassAsync(3);
        }
        Assert.False(reading.IsCompleted);
        wait.CompleteAdding();
        await fixture.PassAsync(10);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i}"), (await reading).Select(change => change.Task.Id));
        wait.Add(fixture.CreateTask("late"));
        Assert.Equal("late", Assert.Single(wait.Open).Id);
        await fixture.PassAsync(60);
        Assert.Equal(20, fixture.Polls.Count);
    }

    [Fact]
    public async Task A_slow_reader_of_a_wait_delays_no_poll()
    {
        await using var fixture = new SchedulerFixture();
        fixture.Answer = (task, _, _) => Task.FromResult(SchedulerFixture.Done(task));
        await using var slow = fixture.Wait([.. Enumerable.Range(0, 50).Select(i => fixture.CreateTask($"{i}"))]);
        await using var quick = fixture.Wait(fixture.CreateTask("x"));
        slow.CompleteAdding();
        quick.CompleteAdding();
        await using var reader = slow.ReadAllAsync().GetAsyncEnumerator();
        await fixture.PassAsync(60);
        Assert.Single(await SchedulerFixture.ReadAsync(quick));
        Assert.Equal(51, fixture.Polls.Count);
        for (var i = 0; i < 50; i++)
            Assert.True(await reader.MoveNextAsync());
        Assert.False(await reader.MoveNextAsync());
    }

    [Theory]
    [InlineData(OmniErrorKind.NotFound)]
    [InlineData(OmniErrorKind.Authentication)]
    [InlineData(OmniErrorKind.OutcomeUnknown)]
    public async Task A_task_that_cannot_be_followed_ends_without_the_others(OmniErrorKind kind)
    {
        await using var fixture = new SchedulerFixture();
        fixture.Answer = (task, count, _) =>
            task.Id == "bad" ? throw new OmniException(kind, "no") : Task.FromResult(
            count < 3 ? SchedulerFixture.Working(task) : SchedulerFixture.Done(task));
        await using var wait =
            fixture.Wait(new WaitOptions { Any = true }, fixture.CreateTask("bad"), fixture.CreateTask("good"));
        wait.CompleteAdding();
        await fixture.PassAsync(60);
        var lasts = (await SchedulerFixture.ReadAsync(wait)).Where(change => change.IsLast).ToList();
        Assert.Equal([("bad", kind), ("good", null)], lasts.Select(change => (change.Task.Id!, change.Failure?.Kind)));
        Assert.Equal(VideoTaskStatus.Queued, lasts[0].Task.Status);
        Assert.Single(fixture.SecondsOf("bad"));
    }
}
