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

    private CallAttempts Begin(RetryPolicy policy) =>
        TestProviders.Retry(clock, () => 1, policy).Begin("host", "Host", CallKind.Submit);
}
