using OmniTools.Http;

namespace OmniTools.Core.Tests.Http;

/// <content>Probes, and the calls that resume after one.</content>
public sealed partial class CircuitBreakerTests
{
    [Fact]
    public async Task After_a_probe_that_succeeds_the_calls_resume_one_by_one_and_twice_as_many_after_each_success()
    {
        var waiting = await ResumeAsync();
        foreach (var allowed in new[] { 1, 2, 4, 8, 16 })
        {
            var calls = new List<CircuitPermit>();
            while (calls.Count < allowed)
                calls.Add(await NextAsync(waiting));
            Assert.Null(await TryEnterAsync());
            calls[0].RecordSuccess();
            calls.Skip(1).ToList().ForEach(call => call.Dispose());
        }
        await Task.WhenAll(waiting);
        Assert.NotNull(await TryEnterAsync());
    }

    [Fact]
    public async Task A_failure_while_the_calls_resume_opens_the_circuit_again()
    {
        await FailAsync();
        var waiting = new[] { breaker.EnterAsync(Hour, default, Stop), breaker.EnterAsync(Hour, default, Stop),
            breaker.EnterAsync(Hour, default, Stop) };
        clock.Advance(TimeSpan.FromSeconds(1));
        var probe = await Task.WhenAny(waiting);
        (await probe)!.RecordSuccess();
        var next = await Task.WhenAny(waiting.Except([probe]));
        (await next)!.RecordFailure(isUnavailable: false, null, "HTTP 500");
        Assert.NotNull(breaker.Outage);
    }

    [Fact]
    public async Task A_probe_whose_caller_is_cancelled_leaves_its_place_to_the_next_call()
    {
        await FailAsync();
        clock.Advance(TimeSpan.FromSeconds(1));
        var probe = await TryEnterAsync();
        var next = breaker.EnterAsync(Hour, default, Stop);
        probe!.Dispose();
        Assert.NotNull(await next);
    }

    [Fact]
    public async Task RecordSuccess_OneOfTwoCallsThatResume_LeavesTheOthersPlaceTaken()
    {
        var waiting = await ResumeAsync();
        var first = await NextAsync(waiting);
        first.RecordSuccess();
        var (second, _) = (await NextAsync(waiting), await NextAsync(waiting));
        second.RecordSuccess();
        for (var i = 0; i < 3; i++)
            await NextAsync(waiting);
        Assert.Null(await TryEnterAsync());
    }

    [Fact]
    public async Task Dispose_CallOfAnEarlierRecovery_MakesNoRoomForASecondCall()
    {
        var waiting = await ResumeAsync();
        var late = await NextAsync(waiting);
        breaker.Bypass().RecordFailure(isUnavailable: true, null, "HTTP 429");
        clock.Advance(TimeSpan.FromSeconds(1));
        (await NextAsync(waiting)).RecordSuccess();
        late.Dispose();
        await NextAsync(waiting);
        Assert.Null(await TryEnterAsync());
    }

    [Fact]
    public async Task Dispose_CallThatWasUnderWayDuringAProbe_AllowsNoSecondProbe()
    {
        var underWay = await TryEnterAsync();
        await FailAsync();
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(await TryEnterAsync());
        underWay!.Dispose();
        Assert.Null(await TryEnterAsync());
    }

    // Forty calls that wait, after a probe that succeeded.
    private async Task<List<Task<CircuitPermit?>>> ResumeAsync()
    {
        await FailAsync();
        var waiting = Enumerable.Range(0, 40).Select(_ => breaker.EnterAsync(Hour, default, Stop)).ToList();
        clock.Advance(TimeSpan.FromSeconds(1));
        (await NextAsync(waiting)).RecordSuccess();
        return waiting;
    }

    private static async Task<CircuitPermit> NextAsync(List<Task<CircuitPermit?>> waiting)
    {
        var call = await Task.WhenAny(waiting);
        waiting.Remove(call);
        return (await call)!;
    }
}
