using System.Globalization;
using OmniTools.Storage;

namespace OmniTools.Core.Tests.Batches;

/// <summary>Large lists.</summary>
public sealed class BatchSizeTests
{
    // .ci/long runs it with 10,000 rows, which take minutes.
    private static readonly int Rows = int.Parse(
        Environment.GetEnvironmentVariable("OMNI_TEST_ROWS") ?? "300", CultureInfo.InvariantCulture);

    [Fact]
    public async Task RunBatchAsync_ManyRows_StaysBelow300MegabytesAndTheNextRunHasNothingToDo()
    {
        await using var batch = await BatchFixture.StartAsync();
        batch.WriteRows(Rows);
        var result = await batch.RunAsync(batch.Options() with { ThrottleLimit = 64 });
        Assert.Equal((0, Rows, Rows), (result.ExitCode, result.Saved, batch.Server.Creates));
        var managed = GC.GetTotalMemory(forceFullCollection: true) >> 20;
        Assert.True(managed < 300, $"{managed} MB");

        await using var fresh = new OmniClient(batch.Settings, new() { LedgerFactory = LedgerStores.Open });
        var again = await batch.RunAsync(batch.Options() with { NoGallery = false }, fresh);
        Assert.True(again.HadNothingToDo);
        TestContext.Current.TestOutputHelper?.WriteLine($"{Rows} rows: {result.Elapsed}, then {again.Elapsed}");
        Assert.True(again.Elapsed < TimeSpan.FromSeconds(3 + (Rows / 100)), $"{again.Elapsed}");
    }
}
