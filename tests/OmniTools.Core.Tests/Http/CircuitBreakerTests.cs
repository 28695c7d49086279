using Microsoft.Extensions.Time.Testing;
using OmniTools.Http;

namespace OmniTools.Core.Tests.Http;

public sealed partial class CircuitBreakerTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly TestTimeProvider clock = new();
    private readonly CircuitBreakers breakers;
    private readonly CircuitBreaker breaker;

    public CircuitBreakerTests()
    {
        breakers = new(clock, () => 1);
        breaker = breakers.Get("host", "ToAPIs", CallKind.Submit);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Three_failures_in_a_row_open_the_circuit()
    {
        await FailAsync(isUnavailable: false);
        await FailAsync(isUnavailable: false);
        (await TryEnterAsync())!.RecordSuccess();
        await FailAsync(isUnavailable: false);
        await FailAsync(isUnavailable: false);
        Assert.Null(breaker.Outage);
        await FailAsync(isUnavailable: false);
        Assert.NotNull(breaker.Outage);
    }

    [Fact]
    public async Task One_answer_that_the_host_takes_no_calls_opens_the_circuit_of_that_kind_of_call()
    {
        await FailAsync();
        Assert.NotNull(breaker.Outage);
        Assert.Null(breakers.Get("host", "ToAPIs", CallKind.Read).Outage);
        Assert.Null(breakers.Get("other", "APIMart", CallKind.Submit).Outage);
    }

    [Fact]
    public async Task While_the_circuit_is_open_one_probe_at_a_time_is_sent_at_intervals_that_double_up_to_a_minute()
    {
        await FailAsync();
        foreach (var seconds in new[] { 1, 2, 4, 8, 16, 32, 60, 60 })
        {
            clock.Advance(TimeSpan.FromSeconds(seconds - 0.001));
            Assert.Null(await TryEnterAsync());
            clock.Advance(TimeSpan.FromSeconds(0.001));
            var probe = await TryEnterAsync();
            Assert.Null(await TryEnterAsync());
            probe!.RecordFailure(isUnavailable: false, null, "HTTP 500");
        }
    }

    [Fact]
    public async Task The_interval_to_a_probe_is_random_from_zero_on()
    {
        var half = new CircuitBreakers(clock, () => 0.5).Get("host", "ToAPIs", CallKind.Submit);
        (await half.EnterAsync(Hour, default, Stop))!.RecordFailure(isUnavailable: true, null, "HTTP 429");
        Assert.Equal(clock.GetUtcNow().AddSeconds(0.5), half.Outage!.NextAttempt);
    }

    [Fact]
    public async Task Retry_After_sets_the_time_of_the_probe_also_when_a_call_reports_it_that_was_under_way()
    {
        var (first, second) = (await TryEnterAsync(), await TryEnterAsync());
        first!.RecordFailure(isUnavailable: true, TimeSpan.FromSeconds(30), "HTTP 429");
        second!.RecordFailure(isUnavailable: true, TimeSpan.FromSeconds(90), "HTTP 429");
        Assert.Equal(clock.GetUtcNow().AddSeconds(90), breaker.Outage!.NextAttempt);
    }

    [Fact]
    public async Task Calls_that_were_under_way_when_the_circuit_opened_do_not_lengthen_the_interval()
    {
        var calls = new List<CircuitPermit?>();
        for (var i = 0; i < 10; i++)
            calls.Add(await TryEnterAsync());
        calls.ForEach(call => call!.RecordFailure(isUnavailable: true, null, "HTTP 429"));
        Assert.Equal(clock.GetUtcNow().AddSeconds(1), breaker.Outage!.NextAttempt);
    }

    [Fact]
    public async Task A_call_is_held_no_longer_than_its_caller_wants()
    {
        await FailAsync(retryAfter: TimeSpan.FromMinutes(5));
        var waiting = breaker.EnterAsync(TimeSpan.FromMinutes(2), default, Stop);
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Null(await waiting);
    }

    [Fact]
    public async Task A_call_that_is_held_ends_when_its_caller_is_cancelled()
    {
        await FailAsync();
        using var giveUp = new CancellationTokenSource();
        var waiting = breaker.EnterAsync(Hour, default, giveUp.Token);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task A_call_that_is_not_held_passes_an_open_circuit_and_closes_it_when_it_succeeds()
    {
        await FailAsync(retryAfter: Hour);
        breaker.Bypass().RecordSuccess();
        Assert.Null(breaker.Outage);
    }

    [Fact]
    public async Task An_outage_is_reported_once_at_its_begin_and_end_to_all_observers()
    {
        var (first, second, same) =
            (new List<string>(), new List<ProviderHealthNotice>(), new List<ProviderHealthNotice>());
        using var registration = breakers.Observe(notice =>
        {
            first.Add(notice.ToString());
            second.Add(notice);
        });
        using var other = breakers.Observe(same.Add);
        await FailAsync(retryAfter: TimeSpan.FromSeconds(30));
        var waiting = new[] { breaker.EnterAsync(Hour, default, Stop), breaker.EnterAsync(Hour, default, Stop) };
        Assert.Equal(
            ["ToAPIs has not accepted submissions since 12:00:00 UTC (HTTP 429). They are held; next attempt: 12:00:30 "
            + "UTC."], first);
        clock.Advance(TimeSpan.FromSeconds(30));
        var probe = await Task.WhenAny(waiting);
        (await probe)!.RecordFailure(isUnavailable: true, TimeSpan.FromSeconds(95), "HTTP 429");
        Assert.Single(first);
        await clock.WhenWaitingAsync();
        clock.Advance(TimeSpan.FromSeconds(95));
        foreach (var call in waiting.Except([probe]))
            (await call)!.RecordSuccess();
        Assert.Equal("ToAPIs accepts submissions again after 2 min 5 s.", first[1]);
        Assert.Equal(((TimeSpan?)null, (DateTimeOffset?)null), (second[0].Duration, second[1].NextAttempt));
        Assert.Equal(2, first.Count);
        Assert.All(second.Zip(same), pair => Assert.Same(pair.First, pair.Second));
    }

    [Fact]
    public async Task EnterAsync_ProbeDueBetweenTwoReadingsOfTheClock_ReturnsAPermit()
    {
        for (var milliseconds = 100; milliseconds <= 1000; milliseconds += 50)
        {
            var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromMilliseconds(milliseconds) };
            var circuit = new CircuitBreakers(time, () => 1).Get("host", "ToAPIs", CallKind.Submit);
            (await circuit.EnterAsync(Hour, default, Stop))!.RecordFailure(isUnavailable: true, null, "HTTP 429");
            var entering = circuit.EnterAsync(Hour, default, Stop);
            time.Advance(TimeSpan.FromMinutes(1));
            Assert.NotNull(await entering);
        }
    }

    [Fact]
    public async Task An_outage_of_a_moment_and_one_right_after_another_are_not_reported()
    {
        var notices = new List<ProviderHealthNotice>();
        using var registration = breakers.Observe(notices.Add);
        await OutageAsync(seconds: 2.999);
        Assert.Empty(notices);
        await OutageAsync(seconds: 3);
        Assert.Equal(2, notices.Count);
        await OutageAsync(seconds: 10);
        Assert.Equal(2, notices.Count);
        clock.Advance(TimeSpan.FromSeconds(50));
        await OutageAsync(seconds: 10);
        Assert.Equal(4, notices.Count);
    }

    [Fact]
    public async Task An_outage_that_goes_on_is_reported_again_to_an_observer_that_comes_after_the_first_one_left()
    {
        var notices = new List<ProviderHealthNotice>();
        await FailAsync(retryAfter: Hour);
        using (breakers.Observe(_ => { }))
            Assert.Null(await TryEnterAsync());
        using var registration = breakers.Observe(notices.Add);
        Assert.Null(await TryEnterAsync());
        Assert.False(Assert.Single(notices).IsAvailable);
    }

    [Fact]
    public async Task An_outage_that_nobody_observed_does_not_silence_the_next_one()
    {
        await OutageAsync(seconds: 10);
        var notices = new List<ProviderHealthNotice>();
        using var registration = breakers.Observe(notices.Add);
        await OutageAsync(seconds: 10);
        Assert.Equal(2, notices.Count);
    }

    [Fact]
    public void Outage_OfEachKindOfCall_SaysWhatIsHeld()
    {
        foreach (var (kind, calls) in new[] { (CallKind.Submit, "submissions"), (CallKind.Read, "status requests"),
            (CallKind.Download, "downloads") })
        {
            var circuit = breakers.Get("host", "ToAPIs", kind);
            circuit.Bypass().RecordFailure(isUnavailable: true, null, "HTTP 503");
            Assert.Equal(("ToAPIs", calls, "HTTP 503"),
                (circuit.Outage!.Name, circuit.Outage.Calls, circuit.Outage.Reason));
        }
    }

    [Fact]
    public void RecordFailure_SamePermitAgain_CountsOnce()
    {
        using var permit = breaker.Bypass();
        for (var i = 0; i < 3; i++)
            permit.RecordFailure(isUnavailable: false, null, "HTTP 500");
        permit.RecordFailure(isUnavailable: true, null, "HTTP 429");
        Assert.Null(breaker.Outage);
    }

    private async Task OutageAsync(double seconds)
    {
        await FailAsync(retryAfter: TimeSpan.FromSeconds(seconds));
        var waiting = breaker.EnterAsync(Hour, default, Stop);
        clock.Advance(TimeSpan.FromSeconds(seconds));
        (await waiting)!.RecordSuccess();
    }

    private Task<CircuitPermit?> TryEnterAsync() => breaker.EnterAsync(TimeSpan.Zero, default, Stop);

    private async Task FailAsync(bool isUnavailable = true, TimeSpan? retryAfter = null) =>
        (await TryEnterAsync())!.RecordFailure(isUnavailable, retryAfter, "HTTP 429");
}
