using OmniTools.Errors;
using OmniTools.Ledger;
using OmniTools.Requests;
using OmniTools.Storage;
using OmniTools.VideoTasks;

namespace OmniTools.Core.Tests.Submitting;

/// <summary>What another process does with the same key between the look at it and the intent.</summary>
public sealed class ConcurrentChangeTests
{
    private static readonly VideoRequest Cat = new() { Prompt = "a cat", RequestKey = "k1" };

    private static readonly VideoTaskError No = new()
    {
        Kind = OmniErrorKind.InsufficientBalance,
        Message = "No.",
        Charged = Charged.No,
    };

    [Fact]
    public async Task SubmitAsync_AnotherProcessWasFaster_ReturnsItsTaskAndBuysNone()
    {
        await using var world = await ClientFixture.StartAsync(Contract.ToApis);
        var task = await SubmitWhileAsync(world, async other =>
        {
            var intent = RequestRecord.Intend(
                new()
                {
                    RequestKey = "k1",
                    Provider = "toapis",
                    Status = VideoTaskStatus.Submitting,
                    CreatedAt =
                default
                }, new() { Request = new() });
            await using var lease = await other.TryBeginAsync(intent, null, _ => { }, default);
            await other.UpdateAsync("k1", "toapis", LedgerEvent.Accepted,
                known => known.Apply(new() { Id = "id-1", Status = VideoTaskStatus.Queued }), default);
        });
        Assert.Equal("id-1", task.Id);
        Assert.Empty(world.Server.Requests);
    }

    [Fact]
    public async Task SubmitAsync_UnknownRequestThatIsRefusedByNow_IsARequestOfItsOwnAndNoReplay()
    {
        await using var world = await ClientFixture.StartAsync(Contract.ApiMart);
        world.Server.Next(RequestKind.Post, [.. Enumerable.Repeat(Fault.ResetBeforeAccepting, 4)]);
        await Record.ExceptionAsync(() => world.Client.SubmitAsync(Cat));
        var first = await world.RecordAsync("k1");
        world.Clock.Advance(TimeSpan.FromHours(1));
        await SubmitWhileAsync(world,
            other => other.UpdateAsync("k1", "apimart", LedgerEvent.Rejected, known => known.Reject(1, No), default));
        var second = await world.RecordAsync("k1");
        Assert.Equal((2, true), (second.Attempt, second.FirstSentAt > first.FirstSentAt));
        Assert.Equal(1, world.Server.Creates);
    }

    private static async Task<VideoTask> SubmitWhileAsync(ClientFixture world, Func<ILedgerStore, Task> meanwhile)
    {
        await using var other = world.OpenLedger();
        await using var client = new OmniClient(world.Settings, TestSettings.Options with
        {
            TimeProvider = world.Clock,
            Randomizer = () => 0.5,
            LedgerFactory = (settings, timeProvider) =>
                new InterruptedLedger(LedgerStores.Open(settings, timeProvider), () => meanwhile(other)),
        });
        return await client.SubmitAsync(Cat);
    }
}
