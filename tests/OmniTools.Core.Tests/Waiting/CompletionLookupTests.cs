using OmniTools.Errors;
using OmniTools.VideoTasks;

namespace OmniTools.Core.Tests.Waiting;

/// <summary>Tasks that have ended before they are added to a wait.</summary>
public sealed class CompletionLookupTests
{
    [Fact]
    public async Task CompletionLookup_EndRecordedByAnotherProcess_NeedsNoPoll()
    {
        await using var fixture = new SchedulerFixture();
        fixture.Known = task => task.Id == "seen" ? SchedulerFixture.Done(task) : null;
        await using var wait = fixture.Wait(fixture.CreateTask("seen"));
        wait.CompleteAdding();
        Assert.Equal(VideoTaskStatus.Completed, Assert.Single(await SchedulerFixture.ReadAsync(wait)).Task.Status);
        Assert.Empty(fixture.Polls);
    }

    [Fact]
    public async Task CompletionLookup_2000Tasks_AreLookedUpInTwoQueries()
    {
        await using var fixture = new SchedulerFixture();
        using var added = new ManualResetEventSlim();
        fixture.Known = task =>
        {
            added.Wait();
            return task.Id!.EndsWith('7') ? SchedulerFixture.Done(task) : null;
        };
        await using var wait = fixture.Wait();
        for (var i = 0; i < 2_000; i++)
            wait.Add(fixture.CreateTask($"{i}"));
        added.Set();
        await fixture.SettleAsync();
        Assert.InRange(fixture.Lookups, 1, 2);
        Assert.Equal(1_800, wait.Open.Count);
        Assert.Equal(200, (await SchedulerFixture.EndAsync(wait)).Count(change => change.IsLast));
        Assert.Empty(fixture.Polls);
    }

    [Fact]
    public async Task CompletionLookup_UnreadableLedger_StillPolls()
    {
        await using var fixture = new SchedulerFixture();
        fixture.Known = _ => throw new OmniException(OmniErrorKind.LedgerUnavailable, "no");
        fixture.Answer = (task, _, _) => Task.FromResult(SchedulerFixture.Done(task));
        await using var wait = fixture.Wait(fixture.CreateTask("a"));
        wait.CompleteAdding();
        await fixture.PassAsync(6);
        Assert.Equal(VideoTaskStatus.Completed, Assert.Single(await SchedulerFixture.ReadAsync(wait)).Task.Status);
    }
}
