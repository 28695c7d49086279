using OmniTools.Errors;
using static OmniTools.Storage.Tests.Samples;

namespace OmniTools.Storage.Tests;

public abstract partial class LedgerStoreContract
{
    [Fact]
    public async Task TryBeginAsync_FiftyWritersAndALimitOf20_BeginsExactly20()
    {
        await using var fixture = await StartAsync();
        var stores = Enumerable.Range(0, 50).Select(i => fixture.Open("machine" + i)).ToList();
        var begun = await Task.WhenAll(stores.Select((store, i) => Task.Run(async () =>
        {
            try
            {
                await using var lease =
                    await store.BeginAsync("k" + i, provider: i % 2 == 0 ? "toapis" : "apimart", check: day =>
                {
                    if (day.Requests.Count >= 20)
                        throw new OmniException(OmniErrorKind.LimitReached, "No");
                });
                return true;
            }
            catch (OmniException refused) when (refused.Kind == OmniErrorKind.LimitReached)
            {
                return false;
            }
        })));
        Assert.Equal(20, begun.Count(each => each));
        Assert.Equal(20, (await fixture.Store.ListAsync(new(), default)).Tasks.Count);
    }

    [Fact]
    public async Task RenewAsync_AttemptThatAnotherMachineSettled_RefusesToSend()
    {
        await using var fixture = await StartAsync();
        await using var lease = await fixture.Store.BeginAsync("k1");
        await lease.RenewAsync(default);
        await fixture.AbandonAsync(lease);
        await fixture.Open("there")
            .UpdateAsync("k1", "toapis", known => known.SettleAsNeverAccepted(1, No), default);
        if (fixture is SqliteLedgerFixture)
            return; // A lock file is held until the submission ends: nobody else settles it before.
        var error = await Assert.ThrowsAsync<OmniException>(() => lease.RenewAsync(default));
        Assert.Equal((OmniErrorKind.LedgerUnavailable, Charged.Unknown), (error.Kind, error.Charged));
    }

    [Fact]
    public async Task ListAsync_LedgerOfANewerProgram_StillReadsButRefusesToBuy()
    {
        await using var fixture = await StartAsync();
        await fixture.Store.AcceptAsync("k1", "id-1");
        await using (var database = fixture.Connect())
        await using (var session = await database.OpenAsync(isWrite: true, default))
        {
            await session.ExecuteAsync("UPDATE omni_schema SET version = 9, minimum_version = 8");
            await session.CommitAsync();
        }
        var store = fixture.Open();
        var page = await store.ListAsync(new(), default);
        Assert.Equal("k1", page.Tasks.Single().RequestKey);
        Assert.Contains("update this one", page.Warnings.Single(), StringComparison.Ordinal);
        await store.RecordFileAsync(
            (await store.ApplyAsync("id-1", Completed("id-1", "https://a.example/1.mp4")))!.Task, 0, "/clips/1.mp4",
            "ab", 5, default);
        var error = await Assert.ThrowsAsync<OmniException>(() => store.BeginAsync("k2"));
        Assert.Equal((OmniErrorKind.LedgerUnavailable, Charged.No), (error.Kind, error.Charged));
        Assert.Contains("version 8", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_ManyProgramsAtOnce_CreateTheSchemaOnce()
    {
        await using var fixture = await StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 12)
            .Select(_ => Task.Run(() => fixture.Open().ListAsync(new(), default))));
        await fixture.Store.AcceptAsync("k1", "id-1");
        Assert.Equal("k1", await fixture.Store.KeysAsync());
    }

    [Fact]
    public async Task Batches_Requests_AreListedWithTheirRowHash()
    {
        await using var fixture = await StartAsync();
        await fixture.Store.AcceptAsync("k1", "id-1", batch: "shots");
        fixture.Advance(TimeSpan.FromSeconds(1));
        var intent = Intent("k2", "a dog", batch: "takes");
        intent = intent with { Sent = intent.Sent! with { RowHash = "hash of the row" } };
        await using var lease = await fixture.Store.TryBeginAsync(intent, null, _ => { }, default);
        await fixture.Store.AcceptAsync("k3", "id-3", "a bird");
        var batches = fixture.Open("there").Batches;
        Assert.Equal(["takes", "shots"], await batches.ListAsync(default));
        Assert.Equal(("k2", "hash of the row"),
            Assert.Single(await batches.GetRequestsAsync("takes", default)) is var request
            ? (request.Task.RequestKey, request.Sent!.RowHash)
            : default);
        Assert.Empty(await batches.GetRequestsAsync("nothing", default));
    }

    [Fact]
    public async Task Batches_Lease_BelongsToOneRunUntilItEndsOrIsNotRenewed()
    {
        await using var fixture = await StartAsync();
        var minute = TimeSpan.FromMinutes(1);
        var (here, there) = (fixture.Store.Batches, fixture.Open("there").Batches);
        var (first, owner) = await here.TakeAsync("shots", minute, default);
        Assert.Equal(("here", Environment.ProcessId), (owner.Machine, owner.ProcessId));
        var (second, seen) = await there.TakeAsync("shots", minute, default);
        Assert.Null(second);
        Assert.Equal(owner, seen);
        Assert.NotNull((await there.TakeAsync("takes", minute, default)).Lease);

        fixture.Advance(TimeSpan.FromSeconds(50));
        Assert.True(await first!.RenewAsync(default));
        fixture.Advance(TimeSpan.FromSeconds(50));
        Assert.Null((await there.TakeAsync("shots", minute, default)).Lease);
        Assert.Equal(owner.StartedAt, (await there.FindOwnerAsync("shots", default))!.StartedAt);
        fixture.Advance(TimeSpan.FromSeconds(11));
        Assert.Null(await there.FindOwnerAsync("shots", default));
        var (taken, _) = await there.TakeAsync("shots", minute, default);
        Assert.NotNull(taken);
        // Whoever was away for too long neither renews nor ends what is another's.
        Assert.False(await first.RenewAsync(default));
        await first.DisposeAsync();
        Assert.Equal("there", (await here.FindOwnerAsync("shots", default))!.Machine);
        await taken.DisposeAsync();
        Assert.NotNull((await here.TakeAsync("shots", minute, default)).Lease);
    }
}
