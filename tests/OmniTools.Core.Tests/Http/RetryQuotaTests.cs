using OmniTools.Http;
using OmniTools.Testing;
using Xunit;

namespace OmniTools.Tests.Http;

public sealed class RetryQuotaTests
{
    [Theory]
    [InlineData(false, 35)]
    [InlineData(true, 100)]
    public void The_quota_is_good_for_so_many_retries(bool throttled, int retries)
    {
        var quota = new RetryQuota();
        Assert.Equal(retries, Enumerable.Range(0, 1000).TakeWhile(_ => quota.TryTake(throttled)).Count());
    }

    [Fact]
    public void Successes_earn_one_token_each_and_never_more_than_the_capacity()
    {
        var quota = new RetryQuota();
        for (var i = 0; i < 1000; i++)
            quota.Earn();
        Assert.Equal(100, Enumerable.Range(0, 1000).TakeWhile(_ => quota.TryTake(throttled: true)).Count());
        for (var i = 0; i < 4; i++)
            quota.Earn();
        Assert.False(quota.TryTake(throttled: true));
        quota.Earn();
        Assert.True(quota.TryTake(throttled: true));
        Assert.False(quota.TryTake(throttled: true));
    }

    [Fact]
    public void Many_threads_together_take_no_more_than_there_is()
    {
        var quota = new RetryQuota();
        var taken = 0;
        Parallel.For(0, 1000, _ =>
        {
            if (quota.TryTake(throttled: true))
                Interlocked.Increment(ref taken);
        });
        Assert.Equal(100, taken);
    }

    [Fact]
    public async Task Without_quota_a_retry_is_refused_at_once()
    {
        var quota = new RetryQuota();
        while (quota.TryTake(throttled: true))
            continue;
        Assert.False(await new Retry(new ManualClock(), () => 1, quota).WaitAsync(1, true, null, "test", TestContext.Current.CancellationToken));
    }
}
