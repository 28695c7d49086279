using System.Runtime.CompilerServices;
using OmniTools.VideoTasks;
using OmniTools.Waiting;

namespace OmniTools.Core.Tests.Waiting;

/// <summary>What is left of a wait that has ended.</summary>
public sealed class WaitEndTests
{
    [Fact]
    public async Task A_wait_that_ends_ends_each_of_its_readers()
    {
        await using var fixture = new SchedulerFixture();
        var wait = fixture.Wait();
        var readers = new[] { SchedulerFixture.ReadAsync(wait), SchedulerFixture.ReadAsync(wait) };
        await wait.DisposeAsync();
        await Task.WhenAll(readers).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_poll_that_ends_after_the_timeout_leaves_its_task_open()
    {
        await using var fixture = new SchedulerFixture();
        var task = fixture.CreateTask("a");
        await using var wait = fixture.Wait(new WaitOptions { Timeout = TimeSpan.Zero });
        wait.Add(task);
        wait.CompleteAdding();
        Assert.Empty(await SchedulerFixture.ReadAsync(wait));
        wait.Report(task.Provider + "\n" + task.RequestKey, new(SchedulerFixture.Done(task)));
        Assert.Equal(("a", VideoTaskStatus.Queued, true),
            (Assert.Single(wait.Open).Id, wait.Open[0].Status, wait.TimedOut));
        Assert.Empty(await SchedulerFixture.ReadAsync(wait));
    }

    [Fact]
    public async Task A_wait_without_time_is_not_kept_by_its_client()
    {
        await using var fixture = new SchedulerFixture();
        var wait = EndAtOnce(fixture);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.False(wait.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference EndAtOnce(SchedulerFixture fixture) =>
        new(new VideoTaskWait(fixture.Scheduler, new CompletionLookup(
            tasks => Task.FromResult<IReadOnlyList<VideoTask?>>(new VideoTask?[tasks.Count])),
            new WaitOptions { Timeout = TimeSpan.Zero }, fixture.Clock));
}
