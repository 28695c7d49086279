using static OmniTools.Storage.Tests.Samples;

namespace OmniTools.Storage.Tests;

public abstract partial class LedgerStoreContract
{
    private static readonly TimeSpan LeaseTime = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task TakeAsync_ManyAtOnce_IsGivenToOne()
    {
        await using var fixture = await StartAsync();
        await fixture.Store.ListAsync(new(), default);
        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            i => Task.Run(() => fixture.Open("m" + i).Batches.TakeAsync("shots", LeaseTime, default))));
        await using var lease = Assert.Single(taken, each => each.Lease is not null).Lease!;
        Assert.Single(taken.Select(each => each.Owner).Distinct());
        Assert.NotNull((await fixture.Store.Batches.TakeAsync("others", LeaseTime, default)).Lease);
    }

    [Fact]
    public async Task DisposeAsync_LeaseOfABatch_LetsTheNextOneHaveItAtOnce()
    {
        await using var fixture = await StartAsync();
        var (lease, owner) = await fixture.Store.Batches.TakeAsync("shots", LeaseTime, default);
        Assert.Equal(("here", Environment.ProcessId), (owner.Machine, owner.ProcessId));
        // A server's clock goes on inside a statement.
        Assert.InRange(owner.LeaseUntil - owner.StartedAt, LeaseTime, LeaseTime + TimeSpan.FromSeconds(1));
        Assert.True(await lease!.RenewAsync(default));
        await lease.DisposeAsync();
        Assert.Null(await fixture.Store.Batches.FindOwnerAsync("shots", default));
        var there = fixture.Open("there");
        await using var next = (await there.Batches.TakeAsync("shots", LeaseTime, default)).Lease;
        Assert.NotNull(next);
        Assert.Equal("there", (await fixture.Store.Batches.FindOwnerAsync("shots", default))!.Machine);
        Assert.False(await lease.RenewAsync(default));
    }

    [Fact]
    public async Task AdoptAsync_KeyOfAnotherAdoptedTask_IsAnotherTask()
    {
        await using var fixture = await StartAsync();
        await fixture.Store.AdoptAsync("apimart", Report("id-1") with { RequestKey = "theirs" }, default);
        var other = await fixture.Store.AdoptAsync("apimart", Report("id-2") with { RequestKey = "theirs" }, default);
        Assert.Equal(("apimart:id-2", "id-2"), (other.Task.RequestKey, other.Task.Id));
        Assert.Equal("id-1", (await fixture.Store.GetAsync("theirs")).Task.Id);
    }

    [Fact]
    public async Task AdoptAsync_RequestMadeHere_IsSettledOnceAndReportedAfterwards()
    {
        await using var fixture = await StartAsync();
        await using var lease = await fixture.Store.BeginAsync("k1");
        fixture.Advance(TimeSpan.FromSeconds(1));
        await fixture.Store.LoseOutcomeAsync(lease.Request);
        var report = Report("id-1") with { RequestKey = "k1" };
        foreach (var each in new[] { report, report, Completed("id-1") })
        {
            fixture.Advance(TimeSpan.FromSeconds(1));
            await fixture.Store.AdoptAsync("toapis", each, default);
        }
        await using var database = fixture.Connect();
        await using var session = await database.OpenAsync(isWrite: false, default);
        Assert.Equal(["intended", "unknown", "accepted", "status"],
            await session.QueryAsync("SELECT kind FROM omni_event ORDER BY at", row => row.GetString(0)));
    }
}
