using OmniTools.Http;

namespace OmniTools.Core.Tests.Http;

public sealed class RetryTests
{
    [Theory]
    [InlineData(1, 0.5)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(6, 16)]
    [InlineData(7, 20)]
    [InlineData(1000, 20)]
    public void Retry_Delay_IsARandomPartOfACeilingThatDoublesUpTo20Seconds(int attempt, double ceiling)
    {
        Assert.Equal(ceiling, TestProviders.Retry(new TestTimeProvider(), () => 1).Delay(attempt).TotalSeconds);
        Assert.Equal(ceiling / 2, TestProviders.Retry(new TestTimeProvider(), () => 0.5).Delay(attempt).TotalSeconds);
    }

    [Fact]
    public void Retry_IsTransient_OnlyForThePrintedStatuses()
    {
        Assert.Equal([408, 425, 429, 500, 502, 503, 504], Enumerable.Range(100, 500).Where(Retry.IsTransient));
        Assert.Equal([429, 503], Enumerable.Range(100, 500).Where(Retry.IsUnavailable));
    }
}
