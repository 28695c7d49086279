using OmniTools.Ledger;
using OmniTools.VideoTasks;

namespace OmniTools.Core.Tests.Ledger;

/// <summary>What a day's purchases count.</summary>
public sealed class LedgerDayTests
{
    [Theory]
    [InlineData(VideoTaskStatus.Queued, 10, null, 10)]
    [InlineData(VideoTaskStatus.Completed, 10, 12, 12)]
    [InlineData(VideoTaskStatus.Completed, 10, 0, 10)]
    [InlineData(VideoTaskStatus.Failed, 10, 0, 0)]
    [InlineData(VideoTaskStatus.Queued, 0, null, 0)]
    [InlineData(VideoTaskStatus.Queued, 1_000_000, null, 1_000_000)]
    [InlineData(VideoTaskStatus.Queued, null, null, null)]
    [InlineData(VideoTaskStatus.Queued, -5, -5, null)]
    [InlineData(VideoTaskStatus.Queued, 1_000_001, 1_000_001, null)]
    public void Price_IsTheReportedOneElseTheEstimate(VideoTaskStatus status, int? estimate, int? credits, int? price)
    {
        var day = Day(new CountedRequest("k1", "apimart", status, estimate, credits, null),
            new CountedRequest("k2", "toapis", VideoTaskStatus.Queued, 3, null, null));
        Assert.Equal((price, (price ?? 0) + 3m, price is null ? 1 : 0),
            ((int?)day.Requests[0].Price, day.Credits, day.UnknownPrices));
        Assert.Equal((true, false), (day.IsCounted("k2"), day.IsCounted("k3")));
    }

    [Fact]
    public void Price_IsInCreditsOfTheLimit_TenForOneDollar()
    {
        var day = Day(
            new CountedRequest("k1", "toapis", VideoTaskStatus.Completed, 10, 200, null),
            new CountedRequest("k2", "apimart", VideoTaskStatus.Completed, 10, 20, null),
            new CountedRequest("k3", "toapis", VideoTaskStatus.Completed, 10, null, 0.5m));

        Assert.Equal([10, 20, 5], day.Requests.Select(request => request.Price));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(300, false)]
    [InlineData(301, true)]
    public void Now_IsNeverBeforeTheNewestRequest(int secondsBehind, bool isBehind)
    {
        var day = Day() with { Clock = Noon.AddSeconds(-secondsBehind) };
        Assert.Equal((Noon, isBehind), (day.Now, day.IsClockBehind));
        Assert.Equal(Noon.AddDays(1), (day with { Clock = Noon.AddDays(1) }).Now);
    }

    private static LedgerDay Day(params CountedRequest[] requests) =>
        new() { Clock = Noon, Newest = Noon, Requests = requests };
}
