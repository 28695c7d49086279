using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.Requests;
using OmniTools.Storage.Postgres;
using OmniTools.Storage.Sql;
using OmniTools.VideoTasks;

namespace OmniTools.Core.Tests.Submitting;

/// <summary>
/// Several machines that share a ledger in PostgreSQL: one limit, one purchase per key, everybody's clips.
/// </summary>
public sealed class SharedLedgerTests(PostgresFixture postgres)
{
    private static readonly VideoRequest Cat = new() { Prompt = "a cat", RequestKey = "k1" };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SubmitAsync_ManyProcessesWithBothProvidersAndOneLimit_BuyExactlyTheLimit()
    {
        var address = await CreateAsync();
        await using var toapis = await LoopbackProvider.StartAsync(Contract.ToApis);
        await using var apimart = await LoopbackProvider.StartAsync(Contract.ApiMart);
        using var homes = new TemporaryFolder();
        var (processes, limit) = Environment.GetEnvironmentVariable("OMNI_TEST_LONG") == "1" ? (50, 20) : (12, 5);
        var children = Enumerable.Range(1, processes)
            .Select(i => ChildProcess.Submit(i % 2 == 0 ? toapis : apimart, $"k{i}", $"a cat {i}", null,
            ("OMNI_HOME", homes[$"{i}"]), ("OMNI_LEDGER", address), ("OMNI_MAX_VIDEOS_PER_DAY", $"{limit}"))).ToList();
        // All start at once, on processors that others may use too.
        var said = await Task.WhenAll(children.Select(child => child.ReadLineAsync(TimeSpan.FromMinutes(5))));
        children.ForEach(child => child.Dispose());
        Assert.Equal(processes - limit, said.Count(line => line == "LimitReached"));
        Assert.Equal(limit, toapis.Creates + apimart.Creates);
        Assert.Empty(Directory.GetFileSystemEntries(homes.Path));
    }

    [Fact]
    public async Task SubmitAsync_TwoAccounts_ShareOneLimitAndSeeEachOthersClips()
    {
        var address = await CreateAsync();
        await using var one = await LoopbackProvider.StartAsync(Contract.ToApis);
        await using var two = await LoopbackProvider.StartAsync(Contract.ToApis);
        await using var here = Machine(one, address, "here", "1");
        await using var there = Machine(two, address, "there", "1");
        var task = await here.SubmitAsync(Cat, null, Stop);
        Assert.Equal(OmniErrorKind.LimitReached,
            (await Assert.ThrowsAsync<OmniException>(
            () => there.SubmitAsync(new() { Prompt = "a dog" }, null, Stop))).Kind);
        Assert.Equal((task.Id, "here"),
            (await there.ListTasksAsync(null, Stop)).Tasks.Single() is var seen ? (seen.Id, seen.Machine) : default);
        // The key that was used there is in use here.
        Assert.Equal(task.Id, (await there.SubmitAsync(Cat, null, Stop)).Id);
        Assert.Equal((1, 0), (one.Creates, two.Creates));
    }

    [Fact]
    public async Task SaveAsync_ClipOfAnotherMachine_IsSavedHereAndBothKnowWhere()
    {
        var address = await CreateAsync();
        await using var server = await LoopbackProvider.StartAsync(Contract.ToApis);
        await using var here = Machine(server, address, "here");
        await using var there = Machine(server, address, "there");
        var task = await here.SubmitAsync(Cat, null, Stop);
        server.Complete(task.Id!);
        task = await there.GetTaskAsync(task.Id!, null, Stop);
        var first =
            Assert.Single(await here.SaveVideosAsync(task, new() { Folder = server.Folder["here"] }, null, Stop));
        var seen = (await there.FindTaskAsync("k1", null, Stop))!;
        Assert.Equal((first.Path, "here", false), (seen.SavedPath, seen.Videos[0].SavedOn, seen.IsUnsaved));
        var second =
            Assert.Single(await there.SaveVideosAsync(seen, new() { Folder = server.Folder["there"] }, null, Stop));
        Assert.False(second.WasAlreadySaved);
        Assert.Equal((second.Path, null),
            (await there.FindTaskAsync("k1", null, Stop))!.Videos[0] is var video
            ? (video.SavedPath, video.SavedOn)
            : default);
        Assert.Equal(first.Path, (await here.FindTaskAsync("k1", null, Stop))!.SavedPath);
    }

    [Theory, BothContracts]
    public async Task SubmitAsync_ProcessKilledWhileItsPostIsOutstanding_IsUnknownAfterItsLeaseAndBoughtOnce(
    Contract contract)
    {
        var address = await CreateAsync();
        await using var server = await LoopbackProvider.StartAsync(contract);
        server.Next(RequestKind.Post, Fault.HangAfterAccepting);
        using (var child = ChildProcess.Submit(server, "k1", "a cat", null, ("OMNI_LEDGER", address)))
        {
            await server.WhenRequestAsync(request => request.IsSubmit);
            await child.KillAsync();
        }
        var offset = TimeSpan.Zero;
        await using var later = Machine(server, address, "there", offset: () => offset);
        Assert.Equal(VideoTaskStatus.Submitting, (await later.SubmitAsync(Cat, null, Stop)).Status);
        offset = HttpConstants.SubmitTimeout * 2;
        Assert.Equal(VideoTaskStatus.Unknown, (await later.FindTaskAsync("k1", null, Stop))!.Status);
        Assert.Equal(server.Tasks.Single().Id, (await later.SubmitAsync(Cat, null, Stop)).Id);
        Assert.Equal(1, server.Creates);
    }

    [Fact]
    public async Task SubmitAsync_LedgersServerKilledWhileAPostIsHeld_ReportsTheTaskAndSettlesItLater()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        await using var ledger = await PostgresServer.StartAsync();
        await using var server = await LoopbackProvider.StartAsync(Contract.ToApis);
        var address = await ledger.CreateDatabaseAsync();
        var offset = TimeSpan.Zero;
        await using var client = Machine(server, address, "here", offset: () => offset);
        server.Next(RequestKind.Post, Fault.HangAfterAccepting);
        var submitting = client.SubmitAsync(Cat, null, Stop);
        await server.WhenRequestAsync(request => request.IsSubmit);
        await ledger.StopAsync();
        server.Release();
        var bought = await Assert.ThrowsAsync<OmniException>(() => submitting);
        Assert.Equal((OmniErrorKind.LedgerUnavailable, Charged.Yes, server.Tasks.Single().Id),
            (bought.Kind, bought.Charged, bought.TaskId));
        var refused =
            await Assert.ThrowsAsync<OmniException>(() => client.SubmitAsync(new() { Prompt = "a dog" }, null, Stop));
        Assert.Equal((OmniErrorKind.LedgerUnavailable, Charged.No, 1), (refused.Kind, refused.Charged, server.Creates));

        await ledger.StartAgainAsync();
        offset = HttpConstants.SubmitTimeout * 2;
        Assert.Equal(bought.TaskId, (await client.SubmitAsync(Cat, null, Stop)).Id);
        Assert.Equal(1, server.Creates);
    }

    [Fact]
    public async Task SubmitAsync_ConnectionsToTheLedgerDroppedWhileAPostIsHeld_RecordsTheAcceptance()
    {
        var address = await CreateAsync();
        await using var server = await LoopbackProvider.StartAsync(Contract.ToApis);
        await using var client = Machine(server, address, "here");
        server.Next(RequestKind.Post, Fault.HangAfterAccepting);
        var submitting = client.SubmitAsync(Cat, null, Stop);
        await server.WhenRequestAsync(request => request.IsSubmit);
        var database = address[(address.LastIndexOf('/') + 1)..];
        await (await postgres.Server.Value)
            .QueryAsync("postgres",
            $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'");
        server.Release();
        Assert.Equal(server.Tasks.Single().Id, (await submitting).Id);
        Assert.Equal(server.Tasks.Single().Id, (await client.FindTaskAsync("k1", null, Stop))!.Id);
    }

    private async Task<string> CreateAsync()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        return await (await postgres.Server.Value).CreateDatabaseAsync();
    }

    private static OmniClient Machine(LoopbackProvider server, string address, string name, string? limit = null,
        Func<TimeSpan>? offset = null) =>
        new(TestSettings.For(server) with { MaxVideosPerDay = limit }, new()
        {
            Randomizer = () => 0,
            LedgerFactory = (_, _) =>
                new SqlLedgerStore(new PostgresDatabase(PostgresAddress.Parse(address), offset), name,
                isSandbox: false),
        });
}
