using OmniTools.Http;
using OmniTools.Testing;
using Xunit;

namespace OmniTools.Tests.Http;

public sealed class RetryTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 0.5)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    public async Task The_delay_is_a_random_part_of_a_ceiling_that_doubles(int attempt, double ceiling)
    {
        var clock = new ManualClock { AutoAdvance = true };
        var began = clock.GetUtcNow();
        Assert.True(await new Retry(clock, () => 1, new()).WaitAsync(attempt, false, null, "test", Stop));
        Assert.Equal(ceiling, (clock.GetUtcNow() - began).TotalSeconds);

        var half = new ManualClock { AutoAdvance = true };
        Assert.True(await new Retry(half, () => 0.5, new()).WaitAsync(attempt, false, null, "test", Stop));
        Assert.Equal(ceiling / 2, (half.GetUtcNow() - began).TotalSeconds);
    }

    [Fact]
    public async Task Nothing_is_tried_a_fifth_time() =>
        Assert.False(await new Retry(new ManualClock(), () => 1, new()).WaitAsync(4, false, null, "test", Stop));

    [Theory]
    [InlineData(120, true)]
    [InlineData(120.001, false)]
    public async Task Retry_after_is_obeyed_up_to_two_minutes(double seconds, bool isObeyed)
    {
        var clock = new ManualClock { AutoAdvance = true };
        var began = clock.GetUtcNow();
        Assert.Equal(isObeyed, await new Retry(clock, () => 1, new()).WaitAsync(1, true, TimeSpan.FromSeconds(seconds), "test", Stop));
        Assert.Equal(isObeyed ? seconds : 0, (clock.GetUtcNow() - began).TotalSeconds);
    }

    [Fact]
    public async Task What_goes_on_after_it_brought_something_needs_no_quota()
    {
        var quota = new RetryQuota();
        while (quota.TryTake(throttled: true))
        {
        }
        var retry = new Retry(new ManualClock { AutoAdvance = true }, () => 1, quota);
        Assert.True(await retry.WaitAsync(0, false, null, "test", Stop));
        Assert.False(await retry.WaitAsync(1, false, null, "test", Stop));
    }

    [Fact]
    public async Task A_delay_ends_when_the_caller_gives_up()
    {
        var clock = new ManualClock();
        using var giveUp = new CancellationTokenSource();
        var waiting = new Retry(clock, () => 1, new()).WaitAsync(1, false, null, "test", giveUp.Token);
        await clock.WhenWaitingAsync();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(0, clock.Waiting);
    }

    [Fact]
    public void Only_the_printed_statuses_are_transient()
    {
        Assert.Equal([408, 425, 429, 500, 502, 503, 504], Enumerable.Range(100, 500).Where(Retry.IsTransient));
        Assert.Equal([429, 503], Enumerable.Range(100, 500).Where(Retry.IsThrottled));
    }
}
