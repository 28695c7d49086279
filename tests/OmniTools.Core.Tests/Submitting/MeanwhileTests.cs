using OmniTools.Ledger;
using OmniTools.Requests;
using OmniTools.Testing;
using Xunit;

namespace OmniTools.Core.Tests.Submitting;

/// <summary>What another process did with the same key while this one waited for the ledger's lock.</summary>
public sealed class MeanwhileTests
{
    private static readonly VideoRequest Cat = new() { Prompt = "a cat", RequestKey = "k1" };

    [Fact]
    public async Task Where_another_was_faster_its_task_is_the_one_and_none_is_bought()
    {
        await using var world = await World.StartAsync(Contract.ToApis);
        var task = await SubmitWhileAsync(world,
            new() { Event = LedgerEvent.Intent, Key = "k1", Provider = "toapis" },
            new() { Event = LedgerEvent.Accepted, Key = "k1", Id = "id-1", Provider = "toapis", Status = "queued" });
        Assert.Equal("id-1", task.Id);
        Assert.Empty(world.Server.Requests);
    }

    [Fact]
    public async Task What_was_in_doubt_and_is_refused_by_now_is_a_request_of_its_own_and_no_replay()
    {
        await using var world = await World.StartAsync(Contract.ApiMart);
        world.Server.Next(RequestKind.Post, [.. Enumerable.Repeat(Fault.ResetBeforeAccepting, 4)]);
        await Record.ExceptionAsync(() => world.Client.SubmitAsync(Cat));
        await SubmitWhileAsync(world, new LedgerRecord { Event = LedgerEvent.Rejected, Key = "k1" });
        var intent = new LedgerReader(new(world.Settings.Home)).Find("k1", null)[0];
        Assert.Equal((LedgerEvent.Intent, true, null), (intent.Event, intent.Again, intent.Since));
        Assert.Equal(1, world.Server.Creates);
    }

    private static async Task<Tasks.VideoTask> SubmitWhileAsync(World world, params LedgerRecord[] records)
    {
        var clock = new ManualClock(world.Clock.GetUtcNow());
        await using var client = new OmniClient(world.Settings, new() { Time = clock, Random = () => 0.5 });
        var files = new LedgerFiles(world.Settings.Home);
        files.Create();
        Task<Tasks.VideoTask> submitting;
        using (LedgerFiles.Open(files.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            submitting = client.SubmitAsync(Cat);
            await clock.WhenWaitingAsync();
            await using var segment = new FileStream(files.Segment(clock.GetUtcNow()), FileMode.Append);
            foreach (var record in records)
                await segment.WriteAsync(RecordWriter.Line(record with { At = clock.GetUtcNow() }), TestContext.Current.CancellationToken);
        }
        clock.Advance(TimeSpan.FromSeconds(1));
        return await submitting;
    }
}
