using OmniTools.Batches;
using OmniTools.Batches.Lists;

namespace OmniTools.Core.Tests.Batches;

/// <summary>What the stages of a run share.</summary>
public sealed class BatchRunContextTests
{
    [Fact]
    public async Task EnterAsync_TurnsThatEndInTheMomentOfTheStop_AreGivenToNoRow()
    {
        var options = new BatchOptions { Name = "shots" };
        var items = Enumerable.Range(1, 200)
            .Select(row => new BatchItem(new BatchListRow(row, []), $"k{row}", "", hasOwnKey: true)).ToList();
        var batch = new LoadedBatch(options, new BatchList(["Prompt"], []), items, new BatchLedger(null!, options), []);
        using var stop = new CancellationTokenSource();
        using var run = new BatchRunContext(
            new TestTimeProvider(), batch, new(), stop.Token, TestContext.Current.CancellationToken);
        using var turns = new SemaphoreSlim(0);
        var entered = items.ConvertAll(item => run.EnterAsync(turns, item));
#pragma warning disable CA1849 // The turns are to end before the waiting rows have noticed the stop.
        stop.Cancel();
#pragma warning restore CA1849
        turns.Release(items.Count);
        Assert.All(await Task.WhenAll(entered), Assert.False);
        Assert.Equal(items.Count, turns.CurrentCount);
    }
}
