using OmniTools.Diagnostics;
using OmniTools.Http;

namespace OmniTools.Core.Tests.Http;

public sealed class CallAttemptsTests
{
    private readonly TestTimeProvider clock = new() { AutoAdvance = true };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_interactive_call_has_four_attempts_within_seconds()
    {
        var attempts = Begin(RetryPolicy.Interactive);
        var began = clock.GetUtcNow();
        for (var made = 1; made <= HttpConstants.MaximumAttempts; made++)
        {
            using var permit = await attempts.EnterAsync(Stop);
            permit!.RecordFailure(isUnavailable: true, null, "test");
            Assert.Equal(made < HttpConstants.MaximumAttempts, await attempts.WaitAsync(null, "test", Stop));
        }
        Assert.Equal(0.5 + 1 + 2, (clock.GetUtcNow() - began).TotalSeconds);
    }

    [Theory]
    [InlineData(120, true)]
    [InlineData(120.001, false)]
    public async Task An_interactive_call_obeys_Retry_After_up_to_two_minutes(double seconds, bool isObeyed)
    {
        var attempts = Begin(RetryPolicy.Interactive);
        var began = clock.GetUtcNow();
        using var permit = await attempts.EnterAsync(Stop);
        Assert.Equal(isObeyed, await attempts.WaitAsync(TimeSpan.FromSeconds(seconds), "test", Stop));
        Assert.Equal(isObeyed ? seconds : 0, (clock.GetUtcNow() - began).TotalSeconds);
    }

    [Fact]
    public async Task A_call_that_can_be_held_tries_until_its_time_is_over_and_no_longer()
    {
        var attempts = Begin(RetryPolicy.Hold(TimeSpan.FromMinutes(10)));
        var (began, made) = (clock.GetUtcNow(), 0);
        while (await attempts.EnterAsync(Stop) is { } permit)
        {
            made++;
            permit.RecordFailure(isUnavailable: true, null, "test");
            if (!await attempts.WaitAsync(null, "test", Stop))
                break;
        }
        Assert.InRange((clock.GetUtcNow() - began).TotalMinutes, 9, 10.5);
        Assert.InRange(made, 10, 30);
    }

    [Fact]
    public async Task The_time_of_a_hold_restarts_after_progress()
    {
        var attempts = Begin(RetryPolicy.Hold(TimeSpan.FromMinutes(1)));
        for (var i = 0; i < 10; i++)
        {
            using var permit = await attempts.EnterAsync(Stop);
            Assert.NotNull(permit);
            permit.RecordFailure(isUnavailable: false, null, "test");
            attempts.RecordProgress();
            Assert.True(await attempts.WaitAsync(TimeSpan.FromSeconds(50), "test", Stop));
        }
    }

    [Fact]
    public async Task A_Retry_After_beyond_the_hold_is_not_waited_for()
    {
        var attempts = Begin(RetryPolicy.Hold(TimeSpan.FromMinutes(1)));
        var began = clock.GetUtcNow();
        using var permit = await attempts.EnterAsync(Stop);
        permit!.RecordFailure(isUnavailable: true, TimeSpan.FromMinutes(2), "test");
        Assert.False(await attempts.WaitAsync(TimeSpan.FromMinutes(2), "test", Stop));
        Assert.Equal(began, clock.GetUtcNow());
    }

    [Fact]
    public async Task A_wait_for_the_next_attempt_ends_when_the_caller_gives_up()
    {
        var still = new TestTimeProvider();
        using var giveUp = new CancellationTokenSource();
        var waiting =
            TestProviders.Retry(still).Begin("host", "Host", CallKind.Read).WaitAsync(null, "test", giveUp.Token);
        await still.WhenWaitingAsync();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(0, still.Waiting);
    }

    [Fact]
    public async Task EnterAsync_NoOutage_DoesNotBeginTheTimeOfTheHold()
    {
        var attempts = Begin(RetryPolicy.Hold(TimeSpan.FromMinutes(1)));
        using var permit = await attempts.EnterAsync(Stop);
        clock.Advance(TimeSpan.FromSeconds(50));
        Assert.True(await attempts.WaitAsync(TimeSpan.FromSeconds(60), "test", Stop));
    }

    [Fact]
    public async Task EnterAsync_Outage_BeginsTheTimeOfTheHold()
    {
        var retry = TestProviders.Retry(clock, () => 1, RetryPolicy.Hold(TimeSpan.FromMinutes(1)));
        retry.Begin("host", "Host", CallKind.Read).Bypass().RecordFailure(true, TimeSpan.FromSeconds(50), "HTTP 503");
        var attempts = retry.Begin("host", "Host", CallKind.Read);
        using var permit = await attempts.EnterAsync(Stop);
        Assert.False(await attempts.WaitAsync(TimeSpan.FromSeconds(20), "test", Stop));
    }

    [Theory]
    [InlineData(60, 0)]
    [InlineData(61, 0)]
    [InlineData(3600, 20)]
    public async Task A_call_whose_hold_is_over_is_neither_tried_again_nor_let_in(int seconds, int retryAfter)
    {
        var retry = TestProviders.Retry(clock, () => 1, RetryPolicy.Hold(TimeSpan.FromMinutes(1)));
        var attempts = retry.Begin("host", "Host", CallKind.Read);
        Assert.True(await attempts.WaitAsync(TimeSpan.Zero, "test", Stop));
        clock.Advance(TimeSpan.FromSeconds(seconds));
        Assert.False(await attempts.WaitAsync(TimeSpan.FromSeconds(retryAfter), "test", Stop));
        attempts.Bypass().RecordFailure(isUnavailable: true, TimeSpan.FromDays(1), "HTTP 503");
        Assert.Null(await attempts.EnterAsync(Stop));
    }

    [Fact]
    public async Task WaitAsync_DelayThatIsUnderWayWhenTheHoldEnds_IsNoOtherAttempt()
    {
        var still = new TestTimeProvider();
        using var end = new CancellationTokenSource();
        var retry = TestProviders.Retry(still, policy: RetryPolicy.Hold(TimeSpan.FromMinutes(1), end.Token));
        var attempts = retry.Begin("host", "Host", CallKind.Read);
        var waiting = attempts.WaitAsync(null, "test", Stop);
        await still.WhenWaitingAsync();
        await end.CancelAsync();
        Assert.False(await waiting);
        Assert.False(await attempts.WaitAsync(TimeSpan.Zero, "test", Stop));
    }

    [Fact]
    public async Task WaitAsync_WritesTheReasonTheNextAttemptAndItsDelay()
    {
        var lines = new List<string>();
        using (TraceSubscription.Start((_, line) => lines.Add(line)))
        {
            foreach (var policy in new[] { RetryPolicy.Interactive, RetryPolicy.Hold(TimeSpan.FromMinutes(1)) })
            {
                var attempts = Begin(policy);
                (await attempts.EnterAsync(Stop))!.Dispose();
                await attempts.WaitAsync(TimeSpan.FromSeconds(7.25), "HTTP 500", Stop);
            }
        }
        Assert.Equal(["HTTP 500; attempt 2 of 4 in 7.3 s", "HTTP 500; attempt 2 in 7.3 s"], lines);
    }

    private CallAttempts Begin(RetryPolicy policy) =>
        TestProviders.Retry(clock, () => 1, policy).Begin("host", "Host", CallKind.Submit);
}
