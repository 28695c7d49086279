using System.Globalization;
using OmniTools.Storage;
using Xunit;

namespace OmniTools.Core.Tests.Batches;

/// <summary>Large lists, and how long lists take.</summary>
public sealed class BatchSizeTests
{
    // .ci/long runs it with 10,000 rows, which take minutes.
    private static readonly int Rows = int.Parse(
        Environment.GetEnvironmentVariable("OMNI_TEST_ROWS") ?? "1000", CultureInfo.InvariantCulture);

    [Fact]
    public async Task RunBatchAsync_ManyRows_StaysBelow300MegabytesAndFinishesOnTheNextRun()
    {
        await using var batch = await BatchFixture.StartAsync();
        batch.WriteRows(Rows);
        // The files themselves are the disk's business: every clip is the same few bytes.
        var result = await batch.RunAsync(batch.Options() with { ThrottleLimit = 64 });
        GC.Collect();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"peak {PeakMegabytes()} MB, managed {GC.GetTotalMemory(true) >> 20} MB, {result.Elapsed}");
        Assert.Equal((0, Rows, Rows), (result.ExitCode, result.Saved, batch.Server.Creates));
        var managed = GC.GetTotalMemory(forceFullCollection: true) >> 20;
        Assert.True(managed < 300, $"{managed} MB");
        Assert.True((await batch.RunAsync()).HadNothingToDo);
    }

    [Fact]
    public async Task RunBatchAsync_NothingLeftOf500Rows_TakesLessThan3Seconds()
    {
        await using var batch = await BatchFixture.StartAsync();
        batch.WriteRows(500);
        Assert.Equal(0, (await batch.RunAsync()).ExitCode);
        await using var fresh = new OmniClient(batch.World.Settings, new() { LedgerFactory = LedgerStores.Open });
        var result = await batch.RunAsync(batch.Options() with { NoGallery = false }, fresh);
        var again = await batch.RunAsync(batch.Options() with { NoGallery = false }, fresh);
        Assert.True(result.HadNothingToDo && again.HadNothingToDo);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"nothing left of 500 rows: {result.Elapsed!.Value.TotalMilliseconds:0} ms, "
            + $"{again.Elapsed!.Value.TotalMilliseconds:0} ms");
        Assert.True(result.Elapsed < TimeSpan.FromSeconds(3), $"{result.Elapsed}");
    }

    private static long PeakMegabytes() => System.Diagnostics.Process.GetCurrentProcess().PeakWorkingSet64 >> 20;
}
