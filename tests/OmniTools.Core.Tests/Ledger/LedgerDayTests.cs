using OmniTools.Ledger;

namespace OmniTools.Core.Tests.Ledger;

/// <summary>What the time of a day's purchases is.</summary>
public sealed class LedgerDayTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(300, false)]
    [InlineData(301, true)]
    public void Now_IsNeverBeforeTheNewestRequest(int secondsBehind, bool isBehind)
    {
        var day = new LedgerDay { Clock = Noon.AddSeconds(-secondsBehind), Newest = Noon, Requests = [] };
        Assert.Equal((Noon, isBehind), (day.Now, day.IsClockBehind));
        Assert.Equal(Noon.AddDays(1), (day with { Clock = Noon.AddDays(1) }).Now);
    }
}
