using OmniTools.Batches;
using OmniTools.Batches.Lists;
using OmniTools.Errors;
using OmniTools.Ledger;

namespace OmniTools.Core.Tests.Batches;

/// <summary>Rows that wait for a ledger that is away: what they may do when it is back.</summary>
public sealed class LedgerHoldTests : IDisposable
{
    private static readonly OmniException Failure = new(OmniErrorKind.LedgerUnavailable, "The ledger cannot be used");
    private readonly List<string> notices = [];
    private readonly CancellationTokenSource stop = new();
    private readonly BatchRunContext run;
    private int renewals;

    public LedgerHoldTests()
    {
        var options = new BatchOptions { Name = "shots", RetryFor = TimeSpan.FromMinutes(10) };
        var batch = new LoadedBatch(options, new BatchList(["Prompt"], []), [], new BatchLedger(null!, options), []);
        run = new(new TestTimeProvider { AutoAdvance = true }, batch, new() { Notice = notices.Add }, stop.Token,
            TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task WaitAsync_LeaseRenewedAfterAnOutage_LetsAllRowsGoOn()
    {
        var hold = CreateHold(failures: 3, isOwned: true);
        Assert.All(
            await Task.WhenAll(hold.WaitAsync(Failure), hold.WaitAsync(Failure), hold.WaitAsync(Failure)), Assert.True);
        Assert.Equal(4, renewals);
        Assert.Null(run.FindStop("toapis"));
        Assert.Equal(2, notices.Count);
    }

    [Fact]
    public async Task WaitAsync_LeaseLostDuringTheOutage_StopsSubmissions()
    {
        var hold = CreateHold(failures: 3, isOwned: false);
        Assert.False(await hold.WaitAsync(Failure));
        Assert.Contains("another run took over the batch", run.FindStop("toapis")?.Summary);
        Assert.True(run.EndHold.IsCancellationRequested);
    }

    [Fact]
    public async Task WaitAsync_OutageLongerThanRetryFor_GivesUp()
    {
        Assert.False(await CreateHold(failures: 1000, isOwned: true).WaitAsync(Failure));
        Assert.Null(run.FindStop("toapis"));
    }

    [Fact]
    public async Task WaitAsync_StoppedWhileTheLeaseIsRenewed_GivesUp()
    {
        var stopped = new OperationCanceledException();
        Assert.False(await CreateHold(failures: 1, isOwned: true, stopped).WaitAsync(Failure));
        Assert.Null(run.FindStop("toapis"));
    }

    public void Dispose()
    {
        run.Dispose();
        stop.Dispose();
    }

    // Its lease cannot be renewed for so many attempts, and then is owned or lost.
    private LedgerHold CreateHold(int failures, bool isOwned, Exception? failure = null) => new(run, new BatchLease(
        _ => ++renewals <= failures ? throw failure ?? Failure : Task.FromResult(isOwned), () => Task.CompletedTask));
}
