using System.Globalization;
using OmniTools.Batches;
using OmniTools.Core.Tests.Submitting;
using OmniTools.Errors;

namespace OmniTools.Core.Tests.Batches;

/// <summary>
/// Running a list with a virtual clock: what is bought and saved, and what is left for the next run.
/// </summary>
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
        Assert.All(result.Rows, row =>
            Assert.Equal(("shots", VideoBatchRowState.Saved),
            (batch.Client.FindTask(row.Key)!.Batch, row.State)));

        var again = await batch.RunAsync();
        Assert.Equal((0, 30, 0, 30), (again.ExitCode, again.Saved, again.New, batch.Server.Creates));
        Assert.Contains("nothing left to do", again.ToString());
        Assert.Equal(30, (await batch.Client.GetBatchAsync(batch.Options(), BatchFixture.Stop)).Bought);
    }

    [Fact]
    public async Task RunBatchAsync_RefusedAndFailedRows_AreFinalUntilTheyAreRetried()
    {
        await using var batch = await BatchFixture.StartAsync();
        batch.WriteRows(10);
        batch.Server.PollsUntilDone = null;
        batch.Server.Next(RequestKind.Post,
            Fault.Status(422, """{"error":{"message":"not allowed here","code":"content_policy"}}"""));
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
        Assert.Contains(batch.Notices,
            line => line.StartsWith("Row 1 ('a clip 1') failed:", StringComparison.Ordinal)
            && line.EndsWith("Not billed.", StringComparison.Ordinal));
        Assert.Contains("To retry failed rows: Invoke-OmniVideoBatch shots.csv -RetryFailed", result.ToString());

        batch.Server.PollsUntilDone = 1;
        Assert.Equal((1, 9), ((await batch.RunAsync()).ExitCode, batch.Server.Creates));
        Assert.Equal(0, (await batch.RunAsync(batch.Options() with { RetryFailed = true })).ExitCode);
        Assert.Equal(11, batch.Server.Creates);
        Assert.Equal((1, 1),
            (batch.Server.CreatesByKey["shot-1:retry-2"], batch.Server.CreatesByKey["shot-4:retry-2"]));
        // Rows that were retried are done, with and without -RetryFailed.
        Assert.True((await batch.RunAsync(batch.Options() with { RetryFailed = true })).HadNothingToDo);
        Assert.True((await batch.RunAsync()).HadNothingToDo);
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
        batch.Write("Prompt,Duration,RequestKey\na,6,k1\nb,ten,k2\nc,6,k3\n");
        var found = await batch.Client.GetBatchAsync(batch.Options(), BatchFixture.Stop);
        Assert.EndsWith("Run again: Invoke-OmniVideoBatch shots.csv -SkipInvalid", found.ToString());
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
        Assert.DoesNotContain(batch.Client.ListTasks(),
            task => task.Status == VideoTasks.VideoTaskStatus.Unknown);
        Assert.Equal((0, 20), ((await batch.RunAsync()).ExitCode, batch.Server.Creates));
    }

    [Fact]
    public async Task RunBatchAsync_DestinationThatCannotBeWritten_BuysNothing()
    {
        await using var batch = await BatchFixture.StartAsync();
        batch.WriteRows(3);
        batch.Write("a file", "taken");
        var error = await Assert.ThrowsAsync<OmniException>(
            () => batch.RunAsync(batch.Options() with { Destination = Path.Combine(batch.Folder, "taken", "clips") }));
        Assert.Equal((OmniErrorKind.OutputRefused, 0), (error.Kind, batch.Server.Creates));
    }

    [Theory]
    [InlineData("00:00:00")]
    [InlineData("-01:00:00")]
    [InlineData("00:00:00.9")]
    [InlineData("30.00:00:01")]
    [InlineData("10675199.02:48:05")]
    public async Task RunBatchAsync_RetryForThatNoClockCanCount_BuysNothing(string time)
    {
        await using var batch = await BatchFixture.StartAsync();
        batch.WriteRows(3);
        var options = batch.Options() with { RetryFor = TimeSpan.Parse(time, CultureInfo.InvariantCulture) };
        var error = await Assert.ThrowsAsync<OmniException>(() => batch.RunAsync(options));
        Assert.Equal((OmniErrorKind.InvalidRequest, "-RetryFor", Charged.No, 0),
            (error.Kind, error.Field, error.Charged, batch.Server.Creates));
        var longest = batch.Options() with { RetryFor = TimeSpan.FromDays(30) };
        Assert.Equal(0, (await batch.RunAsync(longest)).ExitCode);
    }

    [Fact]
    public async Task RunBatchAsync_LostClipThatWasBoughtAgain_IsSavedWithAndWithoutRetryFailed()
    {
        await using var batch = await BatchFixture.StartAsync();
        batch.WriteRows(1);
        File.Delete((await batch.RunAsync()).Rows[0].File!);
        batch.Server.Complete("shot-1", [batch.Server.BaseAddress + "/files/none.mp4"]);
        batch.Clock.Advance(TimeSpan.FromDays(400));
        var retry = batch.Options() with { RetryFailed = true };
        Assert.Equal((0, 1), ((await batch.RunAsync(retry)).ExitCode, batch.Server.CreatesByKey["shot-1:retry-2"]));
        Assert.True((await batch.RunAsync()).HadNothingToDo);
        Assert.True((await batch.RunAsync(retry)).HadNothingToDo);
        Assert.Equal(2, batch.Server.Creates);
    }

    [Fact]
    public async Task RunBatchAsync_SavedClipThatTheProviderNoLongerGives_IsNotBoughtAgain()
    {
        await using var batch = await BatchFixture.StartAsync();
        batch.WriteRows(2);
        await batch.RunAsync();
        batch.Server.Complete("shot-1", []);
        await batch.Client.GetTaskAsync("shot-1", null, BatchFixture.Stop);
        Assert.True((await batch.RunAsync(batch.Options() with { RetryFailed = true })).HadNothingToDo);
        Assert.Equal(2, batch.Server.Creates);
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
        await using var other = batch.NewProcess();
        var refused = await Assert.ThrowsAsync<OmniException>(() => batch.RunAsync(client: other));
        Assert.Equal(OmniErrorKind.DuplicateRequest, refused.Kind);
        Assert.Contains($"{Environment.MachineName}, process {Environment.ProcessId}, since 2026-05-20",
            refused.Message);
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
        Assert.Equal(["shots"], await batch.Client.ListBatchesAsync(BatchFixture.Stop));
        var found = await batch.Client.GetBatchAsync(new() { Name = "shots" }, BatchFixture.Stop);
        Assert.Equal((3, 3, 0), (found.Saved, found.Bought, found.ExitCode));
        var error = await Assert.ThrowsAsync<OmniException>(
            () => batch.Client.GetBatchAsync(new() { Name = "nothing" }, BatchFixture.Stop));
        Assert.Equal(OmniErrorKind.NotFound, error.Kind);
    }
}
