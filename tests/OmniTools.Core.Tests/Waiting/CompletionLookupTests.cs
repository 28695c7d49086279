using OmniTools.Errors;
using OmniTools.VideoTasks;

namespace OmniTools.Core.Tests.Waiting;

/// <summary>What is known of a task when it is added to a wait.</summary>
public sealed class CompletionLookupTests
{
    [Fact]
    public async Task CompletionLookup_EndRecordedByAnotherProcess_NeedsNoPoll()
    {
        await using var rig = new SchedulerFixture();
        rig.Known = task => task.Id == "seen" ? SchedulerFixture.Done(task) : null;
        await using var wait = rig.Wait(rig.CreateTask("seen"));
        wait.CompleteAdding();
        Assert.Equal(VideoTaskStatus.Completed, Assert.Single(await SchedulerFixture.ReadAsync(wait)).Task.Status);
        Assert.Empty(rig.Polls);
    }

    [Fact]
    public async Task CompletionLookup_10000Tasks_AreLookedUpInTwoQueries()
    {
        await using var rig = new SchedulerFixture();
        using var added = new ManualResetEventSlim();
        rig.Known = task =>
        {
            added.Wait();
            return task.Id!.EndsWith('7') ? SchedulerFixture.Done(task) : null;
        };
        await using var wait = rig.Wait();
        for (var i = 0; i < 10_000; i++)
            wait.Add(rig.CreateTask($"{i}"));
        added.Set();
        await rig.SettleAsync();
        Assert.InRange(rig.Lookups, 1, 2);
        Assert.Equal(9_000, wait.Open.Count);
        Assert.Equal(1_000, (await SchedulerFixture.EndAsync(wait)).Count(change => change.IsLast));
        Assert.Empty(rig.Polls);
    }

    [Fact]
    public async Task CompletionLookup_UnreadableLedger_StillPolls()
    {
        await using var rig = new SchedulerFixture();
        rig.Known = _ => throw new OmniException(OmniErrorKind.LedgerUnavailable, "no");
        rig.Answer = (task, _, _) => Task.FromResult(SchedulerFixture.Done(task));
        await using var wait = rig.Wait(rig.CreateTask("a"));
        wait.CompleteAdding();
        await rig.PassAsync(6);
        Assert.Equal(VideoTaskStatus.Completed, Assert.Single(await SchedulerFixture.ReadAsync(wait)).Task.Status);
    }
}
