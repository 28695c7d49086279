using OmniTools.Requests;
using OmniTools.Storage.Sqlite;
using OmniTools.VideoTasks;

namespace OmniTools.Core.Tests.Submitting;

/// <summary>
/// The submitting process is killed at every point where it matters; a later one finds out, and nobody pays twice.
/// </summary>
public sealed class KilledProcessTests
{
    private static readonly VideoRequest Cat = new() { Prompt = "a cat", RequestKey = "k1" };

    [Theory]
    [InlineData(Contract.ToApis, "ledger: writing intent", 0)]
    [InlineData(Contract.ToApis, "ledger: intent of k1 is on disk", 0)]
    [InlineData(Contract.ToApis, "ledger: writing outcome", 1)]
    [InlineData(Contract.ToApis, "ledger: outcome of k1 is on disk", 1)]
    [InlineData(Contract.ApiMart, "ledger: writing intent", 0)]
    [InlineData(Contract.ApiMart, "ledger: intent of k1 is on disk", 0)]
    [InlineData(Contract.ApiMart, "ledger: writing outcome", 1)]
    [InlineData(Contract.ApiMart, "ledger: outcome of k1 is on disk", 1)]
    public async Task Killed_at_a_ledger_write_the_same_request_is_bought_once(Contract contract, string point,
    int soldBefore)
    {
        await using var server = await LoopbackProvider.StartAsync(contract);
        using (var child = ChildProcess.Submit(server, "k1", "a cat", point))
        {
            Assert.Equal("stopped", await child.ReadLineAsync());
            await child.KillAsync();
        }
        Assert.Equal(soldBefore, server.Creates);
        await AfterwardsItIsBoughtOnceAsync(server);
    }

    [Theory]
    [InlineData(Contract.ToApis, false)]
    [InlineData(Contract.ToApis, true)]
    [InlineData(Contract.ApiMart, false)]
    [InlineData(Contract.ApiMart, true)]
    public async Task Killed_while_the_answer_is_outstanding_the_same_request_is_bought_once(Contract contract,
    bool accepted)
    {
        await using var server = await LoopbackProvider.StartAsync(contract);
        server.Next(RequestKind.Post, accepted ? Fault.HangAfterAccepting : Fault.HangUntilReleased);
        using (var child = ChildProcess.Submit(server, "k1", "a cat"))
        {
            await server.WhenRequestAsync(request => request.IsSubmit);
            await using (var watching = new OmniClient(TestSettings.For(server), TestSettings.Options))
                Assert.Equal(VideoTaskStatus.Submitting, watching.FindTask("k1")!.Status);
            await child.KillAsync();
        }
        Assert.Equal(accepted ? 1 : 0, server.Creates);
        await using (var later = new OmniClient(TestSettings.For(server), TestSettings.Options))
            Assert.Equal(VideoTaskStatus.Unknown, later.FindTask("k1")!.Status);
        await AfterwardsItIsBoughtOnceAsync(server);
    }

    [Fact]
    public async Task Two_processes_with_one_clip_left_buy_one()
    {
        await using var server = await LoopbackProvider.StartAsync(Contract.ToApis);
        var children = Enumerable.Range(1, 2)
            .Select(i => ChildProcess.Submit(server, $"k{i}", $"a cat {i}", null, ("OMNI_MAX_VIDEOS_PER_DAY", "1")))
            .ToList();
        var said = await Task.WhenAll(children.Select(child => child.ReadLineAsync()));
        children.ForEach(child => child.Dispose());
        Assert.Single(said, "LimitReached");
        Assert.Single(said, server.Tasks.Single().Id);
    }

    [Fact]
    public async Task A_full_disk_stops_buying_before_anything_is_sent_and_loses_nothing()
    {
        Assert.SkipUnless(SmallDisk.IsPossible,
            "No small disk can be mounted here (Linux with unprivileged namespaces, or root, is needed).");
        await using var server = await LoopbackProvider.StartAsync(Contract.ToApis);
        Directory.CreateDirectory(server.Folder["home"]);
        var said = await SmallDisk.RunAsync(server.Folder["home"], kilobytes: 256,
            ChildProcess.SubmitCommand(server, "k1", "a cat"),
            $"dd if=/dev/zero of='{server.Folder["home"]}/fill' bs=1k 2>/dev/null",
            ChildProcess.SubmitCommand(server, "k2", new string('x', 6000)),
            $"rm '{server.Folder["home"]}/fill'",
            ChildProcess.SubmitCommand(server, "k1", "a cat"));
        Assert.Equal([server.Tasks.Single().Id, "LedgerUnavailable", server.Tasks.Single().Id], said);
        Assert.Equal(1, server.Creates);
    }

    [Fact]
    public async Task A_ledger_that_may_grow_no_further_stops_buying_and_stays_whole()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no limit on a file's length.");
        await using var server = await LoopbackProvider.StartAsync(Contract.ToApis);
        var said = await SmallDisk.ShellAsync(string.Join("; ",
            ChildProcess.SubmitCommand(server, "k1", "a cat"),
            // Blocks of 512 bytes, fewer than the ledger has; the runtime's own memory file is larger without the
            // switch.
            "(trap '' XFSZ; ulimit -f 4; export DOTNET_EnableWriteXorExecute=0; "
            + $"{ChildProcess.SubmitCommand(server, "k2", new string('x', 6000))})",
            ChildProcess.SubmitCommand(server, "k1", "a cat")));
        Assert.Equal([server.Tasks.Single().Id, "LedgerUnavailable", server.Tasks.Single().Id], said);
        await using var database = new SqliteDatabase(server.Folder["home/ledger.db"], TimeProvider.System);
        await using var session = await database.OpenAsync(isWrite: false, default);
        Assert.Equal(["ok"], await session.QueryAsync("PRAGMA integrity_check", row => row.GetString(0)));
    }

    [Fact]
    public async Task Where_files_cannot_be_locked_nothing_is_bought()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(),
            "Windows always locks files: its sharing modes cannot be switched off.");
        await using var server = await LoopbackProvider.StartAsync(Contract.ToApis);
        using var child =
            ChildProcess.Submit(server, "k1", "a cat", null, ("DOTNET_SYSTEM_IO_DISABLEFILELOCKING", "1"));
        Assert.Equal("LedgerUnavailable", await child.ReadLineAsync());
        Assert.Empty(server.Requests);
    }

    private static async Task AfterwardsItIsBoughtOnceAsync(LoopbackProvider server)
    {
        await using var later = new OmniClient(TestSettings.For(server), TestSettings.Options);
        var task = await later.SubmitAsync(Cat);
        Assert.Equal(server.Tasks.Single().Id, task.Id);
        Assert.Equal((task.Id, "k1"), (later.ListTasks().Single().Id, later.ListTasks().Single().RequestKey));
        Assert.Equal(1, later.GetSpending().Videos);
    }
}
