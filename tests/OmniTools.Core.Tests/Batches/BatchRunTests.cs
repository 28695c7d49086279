using OmniTools.Batches;
using OmniTools.Core.Tests.Submitting;
using OmniTools.Errors;
using OmniTools.Storage;
using OmniTools.Testing;
using Xunit;

namespace OmniTools.Core.Tests.Batches;

/// <summary>Running a list under a virtual clock: what holds it, what stops it, and what is left for the next run.</summary>
public sealed class BatchRunTests
{
    [Theory, BothContracts]
    public async Task RunBatchAsync_Undisturbed_SavesEveryRowOnceAndHasNothingLeftToDo(Contract contract)
    {
        await using var batch = await BatchFixture.StartAsync(contract);
        batch.WriteRows(30);
        var result = await batch.RunAsync();
        Assert.Equal((0, 30, 30, 30, 0), (result.ExitCode, result.Saved, result.New, result.Bought, result.Open));
        Assert.Equal(30, Directory.GetFiles(Path.Combine(batch.Folder, "shots.clips"), "shot-*.mp4").Length);
        Assert.Empty(batch.Notices);
        Assert.Equal(30, batch.Settled.Count);
        Assert.Contains("a clip 7,shot-7,Saved,", batch.Report());
        Assert.All(result.Rows, row => Assert.Equal(("shots", VideoBatchRowState.Saved), (batch.World.Client.FindTask(row.Key)!.Batch, row.State)));

        var again = await batch.RunAsync();
        Assert.Equal((0, 30, 0, 30), (again.ExitCode, again.Saved, again.New, batch.Server.Creates));
        Assert.Contains("nothing left to do", again.ToString());
        Assert.Equal(30, (await batch.World.Client.GetBatchAsync(batch.Options(), BatchFixture.Stop)).Bought);
    }

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
        batch.Server.Next(RequestKind.Post, [.. Enumerable.Repeat(Fault.Status(503, "", ("Retry-After", "60")), 4), .. Enumerable.Repeat(Fault.Status(429), 2000)]);
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
        await using var batch = await BatchFixture.StartAsync(change: settings => settings with { MaxVideosPerDay = "20" });
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
        await using var batch = await BatchFixture.StartAsync(change: settings => settings with { MaxVideosPerDay = "20" });
        batch.WriteRows(30);
        var result = await batch.RunAsync(batch.Options() with { RetryFor = TimeSpan.FromHours(1) });
        Assert.Equal((2, 20, 10), (result.ExitCode, result.Saved, result.Open));
        Assert.Contains("OMNI_MAX_VIDEOS_PER_DAY is reached", Assert.Single(batch.Notices));
        await using var raised = batch.World.NewProcess(batch.World.Settings with { MaxVideosPerDay = "100" });
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

    [Fact]
    public async Task RunBatchAsync_RefusedAndFailedRows_AreFinalUntilTheyAreRetried()
    {
        await using var batch = await BatchFixture.StartAsync();
        batch.WriteRows(10);
        batch.Server.PollsUntilDone = null;
        batch.Server.Next(RequestKind.Post, Fault.Status(422, """{"error":{"message":"not allowed here","code":"content_policy"}}"""));
        var running = batch.RunAsync(batch.Options() with { ThrottleLimit = 1 });
        await batch.Server.WhenRequestAsync(request => request.IsSubmit, 10);
        while (batch.Server.Creates < 9)
            await batch.Server.WhenIdleAsync();
        batch.Server.Fail("shot-4", "generation_failed", "it did not work");
        foreach (var task in batch.Server.Tasks.Where(task => task.Key != "shot-4"))
            batch.Server.Complete(task.Id);
        var result = await running;
        Assert.Equal((1, 8, 2), (result.ExitCode, result.Saved, result.Failed));
        Assert.Equal(2, batch.Notices.Count);
        Assert.Contains(batch.Notices, line => line.StartsWith("Row 1 ('a clip 1') failed:", StringComparison.Ordinal) && line.EndsWith("Not billed.", StringComparison.Ordinal));
        Assert.Contains("To retry failed rows: Invoke-OmniVideoBatch shots.csv -RetryFailed", result.ToString());

        batch.Server.PollsUntilDone = 1;
        Assert.Equal((1, 9), ((await batch.RunAsync()).ExitCode, batch.Server.Creates));
        Assert.Equal(0, (await batch.RunAsync(batch.Options() with { RetryFailed = true })).ExitCode);
        Assert.Equal(11, batch.Server.Creates);
        Assert.Equal((1, 1), (batch.Server.CreatesByKey["shot-1:retry-2"], batch.Server.CreatesByKey["shot-4:retry-2"]));
        // What was retried is done, with and without the switch.
        Assert.True((await batch.RunAsync(batch.Options() with { RetryFailed = true })).HadNothingToDo);
        Assert.True((await batch.RunAsync()).HadNothingToDo);
    }

    [Theory, BothContracts]
    public async Task RunBatchAsync_LostAnswersFailingPollsAndRefusedUrls_AreSettledOnTheWay(Contract contract)
    {
        await using var batch = await BatchFixture.StartAsync(contract);
        batch.WriteRows(60);
        batch.Server.Next(RequestKind.Post, [.. Enumerable.Repeat(Fault.ResetAfterAccepting, 6), .. Enumerable.Repeat(Fault.ResetBeforeAccepting, 6), .. Enumerable.Repeat(Fault.StatusAfterAccepting(500), 6)]);
        batch.Server.Next(RequestKind.Get, [.. Enumerable.Repeat(Fault.Status(502), 40)]);
        batch.Server.Next(RequestKind.File, [.. Enumerable.Repeat(Fault.Status(403), 20), .. Enumerable.Repeat(Fault.CutAfter(100), 20)]);
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
        await using var client = new OmniClient(batch.World.Settings, TestSettings.Options with
        {
            TimeProvider = batch.Clock,
            Randomizer = () => 0.5,
            LedgerFactory = (settings, timeProvider) => ledger = new(LedgerStores.Open(settings, timeProvider), failures: 40),
        });
        var result = await batch.RunAsync(client: client);
        Assert.Equal((0, 20), (result.ExitCode, batch.Server.Creates));
        Assert.True(ledger!.Failures > 0);
        Assert.Equal(2, batch.Notices.Count);
        Assert.Contains("the batch is held until it can be used", batch.Notices[0]);
    }

    [Fact]
    public async Task RunBatchAsync_DeletedFile_IsDownloadedAgain()
    {
        await using var batch = await BatchFixture.StartAsync();
        batch.WriteRows(3);
        var file = (await batch.RunAsync()).Rows[1].File!;
        File.Delete(file);
        Assert.Equal(1, (await batch.PlanAsync()).ToDownload);
        var result = await batch.RunAsync();
        Assert.Equal((0, 1, 3, file), (result.ExitCode, result.New, batch.Server.Creates, result.Rows[1].File));
        Assert.True(File.Exists(file));
    }

    [Fact]
    public async Task RunBatchAsync_Budget_HoldsOverAllRuns()
    {
        await using var batch = await BatchFixture.StartAsync(Contract.ApiMart);
        batch.WriteRows(10);
        Assert.Equal((2, 4), ((await batch.RunAsync(batch.Options() with { MaxVideos = 4 })).ExitCode, batch.Server.Creates));
        Assert.Equal((2, 4), ((await batch.RunAsync(batch.Options() with { MaxVideos = 4 })).ExitCode, batch.Server.Creates));
        // 10 credits or $1 each by the catalog.
        Assert.Equal((2, 6), ((await batch.RunAsync(batch.Options() with { MaxUsd = 6.5m })).ExitCode, batch.Server.Creates));
        Assert.Equal((2, 8), ((await batch.RunAsync(batch.Options() with { MaxCredits = 80 })).ExitCode, batch.Server.Creates));
        Assert.Contains("-MaxCredits is reached", batch.Notices[^1]);
        Assert.Equal((0, 10), ((await batch.RunAsync()).ExitCode, batch.Server.Creates));
    }

    [Fact]
    public async Task RunBatchAsync_InvalidRows_BuyNothingUnlessTheyAreSkipped()
    {
        await using var batch = await BatchFixture.StartAsync();
        batch.Write("Prompt,Duration,RequestKey\na,6,k1\nb,ten,k2\nc,7,k3\n,6,k4\n");
        var plan = await batch.PlanAsync();
        Assert.Equal((1, 3), (plan.Videos, plan.Invalid.Count));
        Assert.Contains("row 2: Duration 'ten' is not a whole number · row 3: Duration 7", plan.ToString());
        var refused = await batch.RunAsync();
        Assert.Equal((1, 0, 3, 4), (refused.ExitCode, batch.Server.Creates, refused.Invalid, batch.Notices.Count));
        Assert.Contains("b,ten,k2,Invalid,,Duration 'ten' is not a whole number", batch.Report());
        var skipped = await batch.RunAsync(batch.Options() with { SkipInvalid = true });
        Assert.Equal((1, 1, 1), (skipped.ExitCode, batch.Server.Creates, skipped.Saved));
    }

    [Fact]
    public async Task RunBatchAsync_Stopped_FinishesWhatRunsAndLeavesTheRest()
    {
        await using var batch = await BatchFixture.StartAsync();
        batch.WriteRows(20);
        using var stop = new CancellationTokenSource();
        batch.Server.Next(RequestKind.Post, Fault.HangAfterAccepting, Fault.HangAfterAccepting);
        var running = batch.RunAsync(batch.Options() with { ThrottleLimit = 2 }, stopRequested: stop.Token);
        await batch.Server.WhenRequestAsync(request => request.IsSubmit, 2);
        await stop.CancelAsync();
        batch.Server.Release();
        var result = await running;
        Assert.Equal((2, 2, true), (result.ExitCode, batch.Server.Creates, result.WasStopped));
        Assert.DoesNotContain(batch.World.Client.ListTasks(), task => task.Status == VideoTasks.VideoTaskStatus.Unknown);
        Assert.Equal((0, 20), ((await batch.RunAsync()).ExitCode, batch.Server.Creates));
    }

    [Fact]
    public async Task RunBatchAsync_DestinationThatCannotBeWritten_BuysNothing()
    {
        await using var batch = await BatchFixture.StartAsync();
        batch.WriteRows(3);
        batch.Write("a file", "taken");
        var error = await Assert.ThrowsAsync<OmniException>(() => batch.RunAsync(batch.Options() with { Destination = Path.Combine(batch.Folder, "taken", "clips") }));
        Assert.Equal((OmniErrorKind.OutputRefused, 0), (error.Kind, batch.Server.Creates));
    }

    [Fact]
    public async Task RunBatchAsync_ListThatChangesWhileItRuns_IsRunAsItWasRead()
    {
        await using var batch = await BatchFixture.StartAsync();
        batch.WriteRows(10);
        var running = batch.RunAsync();
        batch.WriteRows(0);
        Assert.Equal((0, 10), ((await running).ExitCode, batch.Server.Creates));
    }

    [Fact]
    public async Task RunBatchAsync_BatchThatIsRunning_IsRefusedWithItsOwner()
    {
        await using var batch = await BatchFixture.StartAsync();
        batch.WriteRows(4);
        batch.Server.Next(RequestKind.Post, Fault.HangAfterAccepting);
        var first = batch.RunAsync();
        await batch.Server.WhenRequestAsync(request => request.IsSubmit);
        await using var other = batch.World.NewProcess();
        var refused = await Assert.ThrowsAsync<OmniException>(() => batch.RunAsync(client: other));
        Assert.Equal(OmniErrorKind.DuplicateRequest, refused.Kind);
        Assert.Contains($"{Environment.MachineName}, process {Environment.ProcessId}, since 2026-05-20", refused.Message);
        Assert.NotNull((await other.GetBatchAsync(batch.Options(), BatchFixture.Stop)).RunningOn);
        batch.Server.Release();
        Assert.Equal(0, (await first).ExitCode);
        Assert.Equal((0, 4), ((await batch.RunAsync(client: other)).ExitCode, batch.Server.Creates));
    }

    [Fact]
    public async Task GetBatchAsync_ByName_ShowsWhatTheLedgerKnows()
    {
        await using var batch = await BatchFixture.StartAsync(Contract.ApiMart);
        batch.WriteRows(3);
        await batch.RunAsync();
        Assert.Equal(["shots"], await batch.World.Client.ListBatchesAsync(BatchFixture.Stop));
        var found = await batch.World.Client.GetBatchAsync(new() { Name = "shots" }, BatchFixture.Stop);
        Assert.Equal((3, 3, 0), (found.Saved, found.Bought, found.ExitCode));
        var error = await Assert.ThrowsAsync<OmniException>(() => batch.World.Client.GetBatchAsync(new() { Name = "nothing" }, BatchFixture.Stop));
        Assert.Equal(OmniErrorKind.NotFound, error.Kind);
    }

    /// <summary>Lets so many submissions pass, and answers the others with a status.</summary>
    private sealed class FirstThen : IDisposable
    {
        private readonly CancellationTokenSource ended = new();

        public FirstThen(LoopbackProvider server, int count, int status) =>
            _ = server.WhenRequestAsync(request => request.IsSubmit, count)
                .ContinueWith(_ => server.Next(RequestKind.Post, [.. Enumerable.Repeat(Fault.Status(status), 100)]), ended.Token, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

        public void Dispose()
        {
            ended.Cancel();
            ended.Dispose();
        }
    }
}
