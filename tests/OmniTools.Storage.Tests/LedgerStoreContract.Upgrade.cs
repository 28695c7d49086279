using OmniTools.Errors;
using OmniTools.Storage.Sql;

namespace OmniTools.Storage.Tests;

public abstract partial class LedgerStoreContract
{
    private const string Step = "ALTER TABLE omni_request ADD COLUMN test_only TEXT;";

    [Fact]
    public async Task UpgradeAsync_StepThatIsNotAdditive_IsRunOnASharedLedgerOnlyWhenTheUserSaysSo()
    {
        await using var fixture = await StartAsync();
        await fixture.Store.AcceptAsync("k1", "id-1");
        var newer = fixture.Open("there", [.. Migrations.All, new(Step, IsAdditive: false)]);
        var (old, wanted) = (Migrations.All.Count, Migrations.All.Count + 1);
        if (fixture is PostgresLedgerFixture)
        {
            var error = await Assert.ThrowsAsync<OmniException>(() => newer.BeginAsync("k2"));
            Assert.Equal((OmniErrorKind.LedgerUnavailable, Charged.No), (error.Kind, error.Charged));
            Assert.Contains("omnitools-mcp ledger upgrade", error.NextStep, StringComparison.Ordinal);
            Assert.Contains($"version {old}", error.Summary, StringComparison.Ordinal);
            Assert.Equal(old, await ReadVersionAsync(fixture));
            await fixture.Store.AcceptAsync("k2", "id-2");

            Assert.Equal(new(newer.Location, old, wanted), await newer.UpgradeAsync(default));
        }
        else
        {
            // One machine's own ledger.
            await newer.AcceptAsync("k2", "id-2");
        }
        Assert.Equal(wanted, await ReadVersionAsync(fixture));
        Assert.Equal(new(newer.Location, wanted, wanted),
            await fixture.Open("there", [.. Migrations.All, new(Step, IsAdditive: false)]).UpgradeAsync(default));
        await newer.AcceptAsync("k3", "id-3");

        // The old program runs on: it reads, and buys nothing more.
        Assert.Equal("k3 k2 k1", await fixture.Store.KeysAsync());
        var refused = await Assert.ThrowsAsync<OmniException>(() => fixture.Store.BeginAsync("k4"));
        Assert.Equal((OmniErrorKind.LedgerUnavailable, Charged.No), (refused.Kind, refused.Charged));
        Assert.Contains($"version {wanted} or later", refused.Allowed, StringComparison.Ordinal);
        Assert.Equal(new(newer.Location, wanted, old), await fixture.Open().UpgradeAsync(default));
    }

    [Fact]
    public async Task OpenAsync_AdditiveStep_IsRunByTheFirstProgramThatNeedsIt_AndOlderOnesGoOn()
    {
        await using var fixture = await StartAsync();
        await fixture.Store.AcceptAsync("k1", "id-1");
        await fixture.Open("there", [.. Migrations.All, new(Step, IsAdditive: true)]).AcceptAsync("k2", "id-2");
        Assert.Equal(Migrations.All.Count + 1, await ReadVersionAsync(fixture));
        await fixture.Store.AcceptAsync("k3", "id-3");
        await fixture.Open().AcceptAsync("k4", "id-4");
    }

    [Fact]
    public async Task UpgradeAsync_NewLedgerAndManyProgramsAtOnce_RunsEachStepOnce()
    {
        await using var fixture = await StartAsync();
        var made = await Task.WhenAll(Enumerable.Range(0, 6)
            .Select(_ => Task.Run(() => fixture.Open().UpgradeAsync(default))));
        var now = Migrations.All.Count;
        Assert.Equal([0, now, now, now, now, now], made.Select(each => each.Before).Order());
        await fixture.Store.AcceptAsync("k1", "id-1");
    }

    private static async Task<int> ReadVersionAsync(LedgerStoreFixture fixture)
    {
        await using var database = fixture.Connect();
        await using var session = await database.OpenAsync(isWrite: false, default);
        return (await session.QueryAsync("SELECT version FROM omni_schema", row => row.GetInt32(0))).Single();
    }
}
