using OmniTools.Batches;
using OmniTools.Core.Tests.Submitting;
using OmniTools.Errors;
using OmniTools.Ledger;
using OmniTools.Storage;

namespace OmniTools.Core.Tests.Batches;

/// <summary>What holds or stops a running batch: outages, limits, refusals, budgets.</summary>
public sealed class BatchHoldTests
{
    [Theory, BothContracts]
    public async Task RunBatchAsync_OutageOfHours_IsSatOutAndReportedTwice(Contract contract)
    {
        await using var batch = await BatchFixture.StartAsync(contract);
        batch.WriteRows(60);
        batch.Server.Next(RequestKind.Post, [.. Enumerable.Repeat(Fault.Status(429), 400)]);
        var began = batch.Clock.GetUtcNow();
        var result = await batch.RunAsync();
        Assert.Equal((0, 60), (result.ExitCode, batch.Server.Creates));
        Assert.True(batch.Clock.GetUtcNow() - began > TimeSpan.FromHours(2), $"{batch.Clock.GetUtcNow() - began}");
        Assert.Equal(2, batch.Notices.Count);
        Assert.Contains("was away for", result.ToString());
    }

    [Fact]
    public async Task RunBatchAsync_OutageLongerThanRetryFor_LeavesTheRowsForTheNextRun()
    {
        await using var batch = await BatchFixture.StartAsync();
        batch.WriteRows(50);
        batch.Server.Next(RequestKind.Post,
            [.. Enumerable.Repeat(Fault.Status(503, "", ("Retry-After", "60")), 4),
            .. Enumerable.Repeat(Fault.Status(429), 2000)]);
        var result = await batch.RunAsync(batch.Options() with { RetryFor = TimeSpan.FromMinutes(30) });
        Assert.Equal((2, 0), (result.ExitCode, batch.Server.Creates));
        Assert.True(batch.Notices.Count < 10, string.Join("\n", batch.Notices));
        Assert.Contains("Run again: Invoke-OmniVideoBatch shots.csv", result.ToString());
        batch.Server.Forget();
        Assert.Equal((0, 50), ((await batch.RunAsync()).ExitCode, batch.Server.Creates));
    }

    [Fact]
    public async Task RunBatchAsync_LimitOfTheDay_WaitsForMidnight()
    {
        await using var batch =
            await BatchFixture.StartAsync(change: settings => settings with { MaxVideosPerDay = "20" });
        batch.WriteRows(30);
        var plan = await batch.PlanAsync();
        Assert.Contains("pauses after 20, resumes 00:00 UTC", plan.ToString());
        batch.Clock.AdvanceTo(new(2026, 5, 20, 20, 0, 0, TimeSpan.Zero));
        var result = await batch.RunAsync();
        Assert.Equal((0, 30), (result.ExitCode, batch.Server.Creates));
        Assert.Equal(21, batch.Clock.GetUtcNow().Day);
        Assert.Equal(2, batch.Notices.Count);
        Assert.Contains("will be submitted from 2026-05-21 00:00 UTC on", batch.Notices[0]);
        Assert.Matches("a daily limit held it for (4 h 0|3 h 59) min", result.ToString());
    }

    [Fact]
    public async Task RunBatchAsync_LimitOfTheDayBeyondRetryFor_StopsAndGoesOnWhenItIsRaised()
    {
        await using var batch =
            await BatchFixture.StartAsync(change: settings => settings with { MaxVideosPerDay = "20" });
        batch.WriteRows(30);
        var result = await batch.RunAsync(batch.Options() with { RetryFor = TimeSpan.FromHours(1) });
        Assert.Equal((2, 20, 10), (result.ExitCode, result.Saved, result.Open));
        Assert.Contains("OMNI_MAX_VIDEOS_PER_DAY is reached", Assert.Single(batch.Notices));
        await using var raised = batch.NewProcess(batch.Settings with { MaxVideosPerDay = "100" });
        Assert.Equal((0, 30), ((await batch.RunAsync(client: raised)).ExitCode, batch.Server.Creates));
    }

    [Theory]
    [InlineData(402)]
    [InlineData(401)]
    public async Task RunBatchAsync_BalanceOrKey_StopsSubmittingAndSavesWhatRuns(int status)
    {
        await using var batch = await BatchFixture.StartAsync();
        batch.WriteRows(30);
        var options = batch.Options() with { ThrottleLimit = 1 };
        using var refusals = new FirstThen(batch.Server, 5, status);
        var result = await batch.RunAsync(options);
        Assert.Equal((2, 5, 25, 5), (result.ExitCode, result.Saved, result.Open, batch.Server.Creates));
        Assert.StartsWith("No more rows are submitted to toapis", Assert.Single(batch.Notices));
        batch.Server.Forget();
        Assert.Equal((0, 30), ((await batch.RunAsync(options)).ExitCode, batch.Server.Creates));
    }

    [Theory, BothContracts]
    public async Task RunBatchAsync_LostAnswersFailingPollsAndRefusedUrls_AreSettledOnTheWay(Contract contract)
    {
        await using var batch = await BatchFixture.StartAsync(contract);
        batch.WriteRows(60);
        batch.Server.Next(RequestKind.Post,
            [.. Enumerable.Repeat(Fault.ResetAfterAccepting, 6), .. Enumerable.Repeat(Fault.ResetBeforeAccepting, 6),
            .. Enumerable.Repeat(Fault.StatusAfterAccepting(500), 6)]);
        batch.Server.Next(RequestKind.Get, [.. Enumerable.Repeat(Fault.Status(502), 40)]);
        batch.Server.Next(RequestKind.File,
            [.. Enumerable.Repeat(Fault.Status(403), 20), .. Enumerable.Repeat(Fault.CutAfter(100), 20)]);
        var result = await batch.RunAsync();
        if (result.ExitCode == 2)
            result = await batch.RunAsync();
        Assert.Equal((0, 60), (result.ExitCode, batch.Server.Creates));
        Assert.All(batch.Server.CreatesByKey.Values, count => Assert.Equal(1, count));
    }

    [Fact]
    public async Task RunBatchAsync_LedgerThatCannotBeWritten_HoldsTheBatch()
    {
        await using var batch = await BatchFixture.StartAsync();
        batch.WriteRows(20);
        FailingBatchLedger? ledger = null;
        await using var client = CreateClient(batch, inner => ledger = new(inner, failures: 40));
        var result = await batch.RunAsync(client: client);
        Assert.Equal((0, 20), (result.ExitCode, batch.Server.Creates));
        Assert.True(ledger!.Failures > 0);
        // The clock moves on while requests are under way, so one of them may time out and be reported, too.
        var notices = batch.Notices.FindAll(notice => notice.Contains("ledger", StringComparison.Ordinal));
        Assert.Equal(2, notices.Count);
        Assert.Contains("the batch is held until it can be used", notices[0]);
    }

    [Fact]
    public async Task RunBatchAsync_OtherRunTookOverWhileTheLedgerWasAway_SubmitsNoMore()
    {
        await using var batch = await BatchFixture.StartAsync();
        batch.WriteRows(20);
        await using var client =
            CreateClient(batch, inner => new FailingBatchLedger(inner, failures: 40) { IsTakenOver = true });
        var result = await batch.RunAsync(client: client);
        Assert.Equal(2, result.ExitCode);
        // Only the submissions that had begun before the ledger went away.
        Assert.InRange(batch.Server.Creates, 1, 8);
        Assert.Contains(batch.Notices, notice => notice.Contains("another run took over the batch"));
    }

    private static OmniClient CreateClient(BatchFixture batch, Func<ILedgerStore, ILedgerStore> wrap) =>
        new(batch.Settings, TestSettings.Options with
        {
            TimeProvider = batch.Clock,
            Randomizer = () => 0.5,
            LedgerFactory = (settings, timeProvider) => wrap(LedgerStores.Open(settings, timeProvider)),
        });

    [Fact]
    public async Task RunBatchAsync_Budget_HoldsOverAllRuns()
    {
        await using var batch = await BatchFixture.StartAsync(Contract.ApiMart);
        batch.WriteRows(10);
        Assert.Equal((1, 4),
            ((await batch.RunAsync(batch.Options() with { MaxVideos = 4 })).ExitCode, batch.Server.Creates));
        Assert.Equal((1, 4),
            ((await batch.RunAsync(batch.Options() with { MaxVideos = 4 })).ExitCode, batch.Server.Creates));
        // 10 credits or $1 each by the catalog.
        Assert.Equal((1, 6),
            ((await batch.RunAsync(batch.Options() with { MaxUsd = 6.5m })).ExitCode, batch.Server.Creates));
        Assert.Equal((1, 8),
            ((await batch.RunAsync(batch.Options() with { MaxCredits = 80 })).ExitCode, batch.Server.Creates));
        Assert.Contains("-MaxCredits is reached", batch.Notices[^1]);
        Assert.Equal((0, 10), ((await batch.RunAsync()).ExitCode, batch.Server.Creates));
    }

    [Theory]
    [InlineData("-MaxUsd")]
    [InlineData("-MaxCredits")]
    [InlineData("OMNI_MAX_USD_PER_DAY")]
    public async Task RunBatchAsync_RowOfUnknownPriceUnderALimit_IsLeftAndTheOthersAreBought(string limit)
    {
        await using var batch = await BatchFixture.StartAsync(Contract.ApiMart,
            settings => limit[0] == '-' ? settings : settings with { MaxUsdPerDay = "50" });
        batch.Write("Prompt,Model,RequestKey\na,,k1\nb,model-of-tomorrow,k2\nc,,k3\n");
        var options = batch.Options() with
        {
            ThrottleLimit = 1,
            MaxUsd = limit == "-MaxUsd" ? 50 : null,
            MaxCredits = limit == "-MaxCredits" ? 500 : null,
        };
        Assert.Contains("1 row of unknown price will be left out", (await batch.PlanAsync(options)).ToString());
        var result = await batch.RunAsync(options);
        Assert.Equal((1, 2, 1, 2), (result.ExitCode, result.Saved, result.Open, batch.Server.Creates));
        Assert.Equal((VideoBatchRowState.ToSubmit, Charged.No), (result.Rows[1].State, result.Rows[1].Charged));
        Assert.Contains(limit, result.Rows[1].Reason);
        Assert.Contains(limit, result.Rows[1].NextStep);
        Assert.EndsWith("1 open row: " + result.Rows[1].NextStep, result.ToString());
        Assert.Matches("k2,ToSubmit,,\"?.*price.* not known", batch.Report());
        Assert.StartsWith("Row 2 ('b') was not submitted: ", Assert.Single(batch.Notices));
        await using var unlimited = batch.NewProcess(batch.Settings with { MaxUsdPerDay = null });
        Assert.Equal((0, 3), ((await batch.RunAsync(client: unlimited)).ExitCode, batch.Server.Creates));
    }

    /// <summary>Lets so many submissions pass, and answers the others with a status.</summary>
    private sealed class FirstThen : IDisposable
    {
        private readonly CancellationTokenSource ended = new();

        public FirstThen(LoopbackProvider server, int count, int status) =>
            _ = server.WhenRequestAsync(request => request.IsSubmit, count)
                .ContinueWith(_ => server.Next(RequestKind.Post, [.. Enumerable.Repeat(Fault.Status(status), 100)]),
                ended.Token, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

        public void Dispose()
        {
            ended.Cancel();
            ended.Dispose();
        }
    }
}
