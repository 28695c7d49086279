using OmniTools.Core.Tests.Submitting;

namespace OmniTools.Core.Tests.Batches;

/// <summary>Batches in processes of their own: killed, started twice, on a full disk.</summary>
public sealed class BatchProcessTests(PostgresFixture postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Theory, BothContracts]
    public async Task RunBatchAsync_KilledAtRandomMoments_BuysEachRowOnceAndTheSameCommandDoesTheRest(Contract contract)
    {
        await using var server = await StartAsync(contract);
        var list = Write(server, 60);
        var random = new Random();
        foreach (var kill in Enumerable.Range(1, 4))
        {
            var known = server.Creates;
            using var child = ChildProcess.Batch(server, list);
            // While it submits, and once while it waits or saves.
            var posts = server.Requests.Count(request => request.IsSubmit) + random.Next(1, 14);
            await (kill < 4 ? server.WhenRequestAsync(request => request.IsSubmit,
                posts) : server.WhenRequestAsync(request => request.IsFile));
            await child.KillAsync();
            Assert.True(server.Creates >= known);
        }
        await server.WhenIdleAsync();
        Assert.StartsWith("ended 0 saved 60", await EndAsync(server, list));
        Assert.Equal(60, server.Creates);
        Assert.All(server.CreatesByKey.Values, count => Assert.Equal(1, count));
        Assert.EndsWith("nothing left to do", await EndAsync(server, list));
    }

    [Fact]
    public async Task RunBatchAsync_TwoMachinesWithOneLedger_SecondIsRefusedAndTakesOverWhenTheFirstIsKilled()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        Assert.SkipUnless(Environment.GetEnvironmentVariable("OMNI_TEST_LONG") == "1",
            "It waits for leases in real time, two minutes: .ci/long runs it.");
        var address = await (await postgres.Server.Value).CreateDatabaseAsync();
        await using var server = await StartAsync(Contract.ToApis);
        using var otherMachine = new TemporaryFolder();
        var list = Write(server, 20);
        (string, string)[] other = [("OMNI_LEDGER", address), ("OMNI_HOME", otherMachine["home"])];
        server.Next(RequestKind.Post, Fault.HangAfterAccepting);
        using (var first = ChildProcess.Batch(server, list, ("OMNI_LEDGER", address)))
        {
            await server.WhenRequestAsync(request => request.IsSubmit);
            using var second = ChildProcess.Batch(server, list, other);
            var refused = await second.ReadLineAsync(Patience);
            Assert.StartsWith("DuplicateRequest: The batch shots is being run already", refused);
            Assert.Contains($"{Environment.MachineName}, process ", refused);
            await first.KillAsync();
        }
        // The lease of the killed run ends a minute after its last renewal. Then its unanswered submission is settled.
        var lastLine = "";
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromMinutes(3)
            && !lastLine.StartsWith("ended 0", StringComparison.Ordinal))
            lastLine = await EndAsync(server, list, other);
        Assert.StartsWith("ended 0 saved 20", lastLine);
        Assert.Equal(20, server.Creates);
        Assert.All(server.CreatesByKey.Values, count => Assert.Equal(1, count));
    }

    [Fact]
    public async Task RunBatchAsync_FullDisk_StopsSubmittingAndTheNextRunSavesTheRest()
    {
        Assert.SkipUnless(SmallDisk.IsPossible, "No disk can be mounted here.");
        await using var server = await StartAsync(Contract.ToApis);
        var list = Write(server, 40);
        var clips = Directory.CreateDirectory(Path.ChangeExtension(list, ".clips")).FullName;
        var lines = await SmallDisk.RunAsync(clips, 12, ChildProcess.BatchCommand(server, list));
        Assert.Contains(lines, line =>
            line.StartsWith("notice No more rows are submitted: The video cannot be written",
            StringComparison.Ordinal));
        Assert.StartsWith("ended 2", lines[^1]);
        Assert.StartsWith("ended 0 saved 40", await EndAsync(server, list));
        Assert.Equal(40, server.Creates);
        Assert.All(server.CreatesByKey.Values, count => Assert.Equal(1, count));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    public async Task RunBatchAsync_200Rows_TakesAsLongAsTheLongestClipAndTheOutage(int outage)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("OMNI_TEST_LONG") == "1",
            "It polls in real time, a minute: .ci/long runs it.");
        await using var server = await StartAsync(Contract.ToApis);
        var list = Write(server, 200);
        // The first poll is after 5 s, and 200 polls of at most 10 a second take 20 s: the ideal is what the rates of
        // the client allow.
        var ideal = TimeSpan.FromSeconds(5 + (200 / 10.0));
        if (outage > 0)
            server.Add(new(null, 100, TimeSpan.FromSeconds(outage), null));
        ideal += TimeSpan.FromSeconds(outage);
        var began = TimeProvider.System.GetTimestamp();
        var lastLine = await EndAsync(server, list);
        var took = TimeProvider.System.GetElapsedTime(began);
        Assert.StartsWith("ended 0 saved 200", lastLine);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"outage of {outage} s: {lastLine}, in all {took.TotalSeconds:0.0} s, ideal {ideal.TotalSeconds:0.0} s");
        // Generous, for a busy machine; the figure is in the line above.
        Assert.True(took < ideal * 2, $"{took}");
    }

    private static async Task<LoopbackProvider> StartAsync(Contract contract)
    {
        var server = await LoopbackProvider.StartAsync(contract);
        server.PollsUntilDone = 1;
        return server;
    }

    private static string Write(LoopbackProvider server, int rows)
    {
        var list = server.Folder["lists/shots.csv"];
        Directory.CreateDirectory(Path.GetDirectoryName(list)!);
        File.WriteAllText(list, "Prompt,RequestKey\n"
            + string.Join("\n", Enumerable.Range(1, rows).Select(row => $"a clip {row},shot-{row}")));
        return list;
    }

    // The last line of a run.
    private static async Task<string> EndAsync(LoopbackProvider server, string list,
        params (string Name, string Value)[] variables)
    {
        using var child = ChildProcess.Batch(server, list, variables);
        var last = "";
        while (await child.ReadLineAsync(Patience) is { } line)
            last = line;
        return last;
    }
}
