using OmniTools.Errors;
using OmniTools.Storage.Sql;

namespace OmniTools.Storage.Tests;

public abstract partial class LedgerStoreContract
{
    private const string Step = "ALTER TABLE omni_request ADD COLUMN test_only TEXT;";

    [Fact]
    public async Task UpgradeAsync_StepThatIsNotAdditive_IsRunOnASharedLedgerOnlyWhenTheUserSaysSo()
    {
        await using var world = await StartAsync();
        await world.Store.AcceptAsync("k1", "id-1");
        var newer = world.Open("there", [.. Migrations.All, new(Step, IsAdditive: false)]);
        var (old, wanted) = (Migrations.All.Count, Migrations.All.Count + 1);
        if (world is PostgresLedgerFixture)
        {
            var error = await Assert.ThrowsAsync<OmniException>(() => newer.BeginAsync("k2"));
            Assert.Equal((OmniErrorKind.LedgerUnavailable, Charged.No), (error.Kind, error.Charged));
            Assert.Contains("omnitools-mcp ledger upgrade", error.NextStep, StringComparison.Ordinal);
            Assert.Contains($"version {old}", error.Summary, StringComparison.Ordinal);
            Assert.Equal(old, await ReadVersionAsync(world));
            await world.Store.AcceptAsync("k2", "id-2");

            Assert.Equal(new(newer.Location, old, wanted), await newer.UpgradeAsync(default));
        }
        else
        {
            // One machine's own ledger.
            await newer.AcceptAsync("k2", "id-2");
        }
        Assert.Equal(wanted, await ReadVersionAsync(world));
        Assert.Equal(new(newer.Location, wanted, wanted),
            await world.Open("there", [.. Migrations.All, new(Step, IsAdditive: false)]).UpgradeAsync(default));
        await newer.AcceptAsync("k3", "id-3");

        // The old program runs on: it reads, and buys nothing more.
        Assert.Equal("k3 k2 k1", await world.Store.KeysAsync());
        var refused = await Assert.ThrowsAsync<OmniException>(() => world.Store.BeginAsync("k4"));
        Assert.Equal((OmniErrorKind.LedgerUnavailable, Charged.No), (refused.Kind, refused.Charged));
        Assert.Contains($"version {wanted} or later", refused.Allowed, StringComparison.Ordinal);
        Assert.Equal(new(newer.Location, wanted, old), await world.Open().UpgradeAsync(default));
    }

    [Fact]
    public async Task OpenAsync_AdditiveStep_IsRunByTheFirstProgramThatNeedsIt_AndOlderOnesGoOn()
    {
        await using var world = await StartAsync();
        await world.Store.AcceptAsync("k1", "id-1");
        await world.Open("there", [.. Migrations.All, new(Step, IsAdditive: true)]).AcceptAsync("k2", "id-2");
        Assert.Equal(Migrations.All.Count + 1, await ReadVersionAsync(world));
        await world.Store.AcceptAsync("k3", "id-3");
        await world.Open().AcceptAsync("k4", "id-4");
    }

    [Fact]
    public async Task UpgradeAsync_NewLedgerAndManyProgramsAtOnce_RunsEachStepOnce()
    {
        await using var world = await StartAsync();
        var made = await Task.WhenAll(Enumerable.Range(0, 6)
            .Select(_ => Task.Run(() => world.Open().UpgradeAsync(default))));
        var now = Migrations.All.Count;
        Assert.Equal([0, now, now, now, now, now], made.Select(each => each.Before).Order());
        await world.Store.AcceptAsync("k1", "id-1");
    }

    [Fact]
    public async Task UpgradeAsync_LedgerOfTheSecondVersion_KeepsItsVideosAndFiles()
    {
        await using var world = await StartAsync();
        await using (var database = world.Connect())
        await using (var session = await database.OpenAsync(isWrite: true, default))
        {
            await session.ExecuteAsync(new Migrations(database, [.. Migrations.All.Take(2)]).WriteScript());
            (string Key, string State)[] rows =
                [("saved", "accepted"), ("queued", "accepted"), ("refused", "rejected")];
            foreach (var (key, state) in rows)
                await session.ExecuteAsync(
                    """
                    INSERT INTO omni_request (request_key, provider, task_id, attempt, first_sent_at, last_sent_at,
                        updated_at, created_at, state, status)
                    VALUES (@key, 'toapis', @key, 1, 1, 1, 1, 1, @state, 'completed')
                    """, ("@key", key), ("@state", state));
            foreach (var position in new[] { 1, 0 })
                await session.ExecuteAsync("INSERT INTO omni_video VALUES ('saved', @position, @url, @expires)",
                    ("@position", position), ("@url", $"https://a.example/\"{position}\".mp4"),
                    ("@expires", position == 0 ? Noon : null));
            foreach (var machine in new[] { "here", "there" })
                await session.ExecuteAsync("INSERT INTO omni_file VALUES ('saved', 1, @machine, @path, 'ab', 5)",
                    ("@machine", machine), ("@path", $"/{machine}/ü.mp4"));
            await session.CommitAsync();
        }
        Assert.Equal(2, (await world.Open().UpgradeAsync(default)).Before);

        var saved = (await world.Store.GetAsync("saved")).Task.Videos;
        Assert.Equal(
            [("https://a.example/\"0\".mp4", Noon, null), ("https://a.example/\"1\".mp4", null, "/here/ü.mp4")],
            saved.Select(video => (video.Url, video.ExpiresAt, video.SavedPath)));
        var there = (await world.Open("elsewhere").GetAsync("saved")).Task.Videos[1];
        Assert.Equal(("/here/ü.mp4", "here", "ab"), (there.SavedPath, there.SavedOn, there.Sha256));
        Assert.Equal(["here", "there"],
            (await world.Store.GetAsync("saved")).Files.Select(file => file.Machine).Order());
        Assert.Empty((await world.Store.GetAsync("queued")).Task.Videos);
        Assert.Empty((await world.Store.GetAsync("refused")).Files);
        await world.Store.RecordFileAsync((await world.Store.GetAsync("saved")).Task, 1, "/new.mp4", "cd", 6, default);
        Assert.Equal("/new.mp4", (await world.Store.GetAsync("saved")).Task.Videos[1].SavedPath);
    }

    private static async Task<int> ReadVersionAsync(LedgerStoreFixture world)
    {
        await using var database = world.Connect();
        await using var session = await database.OpenAsync(isWrite: false, default);
        return (await session.QueryAsync("SELECT version FROM omni_schema", row => row.GetInt32(0))).Single();
    }
}
