using OmniTools.Core.Tests.Submitting;

namespace OmniTools.Core.Tests.Batches;

/// <summary>Rows that stay open for long: how long the batch waits for them, and that the others go on.</summary>
public sealed class BatchOpenRowTests
{
    [Theory, BothContracts]
    public async Task RunBatchAsync_RowWhoseOutcomeStaysUnknown_HoldsTheBatchForRetryForOnce(Contract contract)
    {
        await using var batch = await BatchFixture.StartAsync(contract);
        batch.WriteRows(1);
        var began = batch.Clock.GetUtcNow();
        batch.Server.Next(RequestKind.Post, [.. Enumerable.Repeat(Fault.Status(500), 5000)]);
        var result = await batch.RunAsync(batch.Options() with { RetryFor = TimeSpan.FromHours(1) });
        Assert.Equal((2, 0), (result.ExitCode, batch.Server.Creates));
        Assert.InRange((batch.Clock.GetUtcNow() - began).TotalHours, 0.8, 2);
    }

    [Fact]
    public async Task RunBatchAsync_UnknownOutcomeThatIsSettledInTheRun_IsCountedAsBought()
    {
        await using var batch = await BatchFixture.StartAsync();
        batch.WriteRows(2);
        batch.Server.Next(RequestKind.Post, Fault.ResetAfterAccepting);
        batch.Server.Next(RequestKind.Get, Fault.Status(404, "<html>gateway</html>"));
        var result = await batch.RunAsync(batch.Options() with { ThrottleLimit = 1 });
        Assert.Equal((0, 2, 2), (result.ExitCode, result.Bought, batch.Server.Creates));
    }

    [Fact]
    public async Task RunBatchAsync_UrlsThatAreRefusedForHours_KeepNoOtherClipFromBeingSaved()
    {
        await using var batch = await BatchFixture.StartAsync();
        batch.WriteRows(8);
        batch.Server.PollsUntilDone = null;
        var running = batch.RunAsync(batch.Options() with { ThrottleLimit = 1, RetryFor = TimeSpan.FromHours(10) });
        await batch.Server.WhenRequestAsync(request => request.IsSubmit, 8);
        while (batch.Server.Creates < 8)
            await batch.Server.WhenIdleAsync();
        var began = batch.Clock.GetUtcNow();
        foreach (var row in Enumerable.Range(1, 4))
            batch.Server.Complete($"shot-{row}", [$"{batch.Server.BaseAddress}/files/refused-{row}.mp4"]);
        await batch.Server.WhenRequestAsync(IsRefused, 4);
        foreach (var row in Enumerable.Range(5, 4))
            batch.Server.Complete($"shot-{row}");
        await batch.Server.WhenRequestAsync(request => request.IsFile && !IsRefused(request), 4);
        Assert.InRange((batch.Clock.GetUtcNow() - began).TotalHours, 0, 1);
        var result = await running;
        Assert.Equal((2, 4, 4), (result.ExitCode, result.Saved, result.Open));

        static bool IsRefused(RecordedRequest request) => request.Path.Contains("refused", StringComparison.Ordinal);
    }
}
