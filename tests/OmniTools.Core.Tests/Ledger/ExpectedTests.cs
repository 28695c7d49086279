using OmniTools.Ledger;
using OmniTools.Testing;
using Xunit;

namespace OmniTools.Core.Tests.Ledger;

/// <summary>How long a model's clips take is learned from those that were completed.</summary>
public sealed class ExpectedTests : IDisposable
{
    private static readonly DateTimeOffset Made = new(2026, 5, 20, 12, 0, 0, TimeSpan.Zero);
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_duration_of_a_model_is_a_moving_average_that_a_later_process_knows()
    {
        await CompleteAsync("k1", "fast", 80);
        Assert.Equal(80, Seconds("fast"));
        await CompleteAsync("k2", "fast", 160);
        await CompleteAsync("k3", "slow", 600);
        Assert.Equal((90, 600, null), (Seconds("fast"), Seconds("slow"), Seconds("unknown")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(90_000)]
    public async Task A_duration_that_cannot_be_is_not_learned_from(int seconds)
    {
        await CompleteAsync("k1", "fast", seconds);
        Assert.Null(Seconds("fast"));
    }

    private double? Seconds(string model) => Open().Look().Expected("toapis", model)?.TotalSeconds;

    private Task CompleteAsync(string key, string model, int seconds) => Open().AppendAsync(new LedgerRecord
    {
        Event = LedgerEvent.State,
        Key = key,
        Provider = "toapis",
        Model = model,
        Status = "completed",
        CreatedAt = Made,
        CompletedAt = Made.AddSeconds(seconds),
    });

    // One ledger after the other: the next one may still find the lock of the one before and has to be able to wait.
    private TaskLedger Open() => new(folder["home"], false, TimeProvider.System);
}
