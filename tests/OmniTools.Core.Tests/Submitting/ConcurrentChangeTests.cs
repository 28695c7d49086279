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
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);
        var task = await SubmitWhileAsync(fixture, async other =>
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
            await other.UpdateAsync("k1", "toapis",
                known => known.Apply(new() { Id = "id-1", Status = VideoTaskStatus.Queued }), default);
        });
        Assert.Equal("id-1", task.Id);
        Assert.Empty(fixture.Server.Requests);
    }

    [Fact]
    public async Task SubmitAsync_UnknownRequestThatIsRefusedByNow_IsARequestOfItsOwnAndNoReplay()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ApiMart);
        fixture.Server.Next(RequestKind.Post, [.. Enumerable.Repeat(Fault.ResetBeforeAccepting, 4)]);
        await Record.ExceptionAsync(() => fixture.Client.SubmitAsync(Cat));
        var first = await fixture.RecordAsync("k1");
        fixture.Clock.Advance(TimeSpan.FromHours(1));
        await SubmitWhileAsync(fixture,
            other => other.UpdateAsync("k1", "apimart", known => known.Reject(1, No), default));
        var second = await fixture.RecordAsync("k1");
        Assert.Equal((2, true), (second.Attempt, second.FirstSentAt > first.FirstSentAt));
        Assert.Equal(1, fixture.Server.Creates);
    }

    private static async Task<VideoTask> SubmitWhileAsync(ClientFixture fixture, Func<ILedgerStore, Task> meanwhile)
    {
        await using var other = fixture.OpenLedger();
        await using var client = new OmniClient(fixture.Settings, TestSettings.Options with
        {
            TimeProvider = fixture.Clock,
            Randomizer = () => 0.5,
            LedgerFactory = (settings, timeProvider) =>
                new InterruptedLedger(LedgerStores.Open(settings, timeProvider), () => meanwhile(other)),
        });
        return await client.SubmitAsync(Cat);
    }
}
