using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.Requests;
using OmniTools.Submitting;
using OmniTools.VideoTasks;

namespace OmniTools.Core.Tests.Submitting;

/// <summary>Submissions that may be held: an outage or a rate limit does not use up a list.</summary>
public sealed class HeldSubmissionTests
{
    private static readonly SubmitOptions Held = new() { HoldFor = TimeSpan.FromMinutes(10) };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, BothContracts]
    public async Task SubmitAsync_300_rows_against_a_rate_limit_are_all_accepted_and_it_is_reported_twice(
    Contract contract)
    {
        await using var fixture = await ClientFixture.StartAsync(contract);
        foreach (var round in Enumerable.Range(1, 2))
        {
            var notices = new List<ProviderHealthNotice>();
            using var registration = fixture.Client.ObserveProviderHealth(notices.Add);
            // The same faults twice in one process: the second time is not weaker.
            fixture.Server.Next(RequestKind.Post, [.. Enumerable.Repeat(Fault.Status(429), 20)]);
            await SubmitListAsync(fixture.Client, $"{round}", rows: 300);
            Assert.Equal(300 * round, fixture.Server.Creates);
            Assert.Equal([false, true], notices.Select(notice => notice.IsAvailable));
            fixture.Clock.Advance(HttpConstants.NoticeInterval);
        }
        Assert.All(fixture.Server.CreatesByKey.Values, count => Assert.Equal(1, count));
        Assert.DoesNotContain(fixture.Client.ListTasks(),
            task => task.Status is VideoTaskStatus.Unknown or VideoTaskStatus.Failed);
    }

    [Theory, BothContracts]
    public async Task SubmitAsync_rows_whose_answers_are_lost_while_the_provider_goes_away_are_settled_when_it_is_back(
    Contract contract)
    {
        await using var fixture = await ClientFixture.StartAsync(contract);
        fixture.Server.Next(RequestKind.Post,
            [.. Enumerable.Repeat(Fault.ResetAfterAccepting, 4), .. Enumerable.Repeat(Fault.Status(502), 30)]);
        fixture.Server.Next(RequestKind.Get, [.. Enumerable.Repeat(Fault.Status(502), 30)]);
        await SubmitListAsync(fixture.Client, "row", rows: 100);
        Assert.Equal(100, fixture.Server.Creates);
        Assert.All(fixture.Client.ListTasks(), task => Assert.NotNull(task.Id));
    }

    [Fact]
    public async Task SubmitAsync_OutcomeUnknownWhileTheCircuitIsOpen_IsSentAgainAtIntervals()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ApiMart);
        fixture.Server.Next(RequestKind.Post, [.. Enumerable.Repeat(Fault.Status(502), 200)]);
        var error =
            await Assert.ThrowsAsync<OmniException>(() => fixture.Client.SubmitAsync(new() { Prompt = "a cat" }, Held));
        Assert.Equal(OmniErrorKind.OutcomeUnknown, error.Kind);
        Assert.InRange(fixture.Server.Requests.Count, 40, 80);
    }

    [Fact]
    public async Task SubmitAsync_while_held_records_the_request_as_rejected_and_checks_the_limit_again()
    {
        await using var fixture =
            await ClientFixture.StartAsync(Contract.ApiMart, settings => settings with { MaxVideosPerDay = "1" });
        fixture.Server.Next(RequestKind.Post, Fault.Status(429, "", ("Retry-After", "300")));
        var clock = new TestTimeProvider(fixture.Clock.GetUtcNow());
        await using var holding =
            new OmniClient(fixture.Settings,
                TestSettings.Options with { TimeProvider = clock, Randomizer = () => 0.5 });
        var held = holding.SubmitAsync(new VideoRequest { Prompt = "held", RequestKey = "held" }, Held, Stop);
        await clock.WhenWaitingAsync();
        Assert.Equal(VideoTaskStatus.Failed, fixture.Client.FindTask("held")!.Status);
        await fixture.Client.SubmitAsync(new VideoRequest { Prompt = "other" }, null, Stop);
        clock.Advance(TimeSpan.FromSeconds(300));
        Assert.Equal(OmniErrorKind.LimitReached, (await Assert.ThrowsAsync<OmniException>(() => held)).Kind);
        Assert.Equal(1, fixture.Server.Creates);
    }

    [Fact]
    public async Task SubmitAsync_ends_a_hold_when_its_time_is_over_and_says_since_when_the_provider_is_unavailable()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);
        var began = fixture.Clock.GetUtcNow();
        fixture.Server.Next(RequestKind.Post, [.. Enumerable.Repeat(Fault.Status(429), 1000)]);
        var error = await Assert.ThrowsAsync<OmniException>(
            () => fixture.Client.SubmitAsync(new VideoRequest { Prompt = "a cat" }, Held, Stop));
        Assert.Equal((OmniErrorKind.RateLimited, Charged.No), (error.Kind, error.Charged));
        Assert.InRange((fixture.Clock.GetUtcNow() - began).TotalMinutes, 8, 10.5);
        Assert.InRange(fixture.Server.Requests.Count, 10, 40);
        Assert.Equal(VideoTaskStatus.Failed, Assert.Single(fixture.Client.ListTasks()).Status);
    }

    [Fact]
    public async Task SubmitAsync_cancelled_while_it_is_held_leaves_no_open_request()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);
        fixture.Server.Next(RequestKind.Post, Fault.Status(429, "", ("Retry-After", "300")));
        var clock = new TestTimeProvider(fixture.Clock.GetUtcNow());
        await using var holding =
            new OmniClient(fixture.Settings,
                TestSettings.Options with { TimeProvider = clock, Randomizer = () => 0.5 });
        using var cancel = new CancellationTokenSource();
        var held = holding.SubmitAsync(new VideoRequest { Prompt = "held", RequestKey = "held" }, Held, cancel.Token);
        await clock.WhenWaitingAsync();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => held);
        Assert.Equal((VideoTaskStatus.Failed, Charged.No),
            (fixture.Client.FindTask("held")!.Status, fixture.Client.FindTask("held")!.Charged));
        Assert.Equal(0, fixture.Server.Creates);
    }

    private static Task SubmitListAsync(OmniClient client, string name, int rows) =>
        Parallel.ForEachAsync(Enumerable.Range(1, rows),
        new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Stop }, async (row, cancellationToken) =>
            await client.SubmitAsync(new VideoRequest { Prompt = $"{name} {row}", RequestKey = $"{name}-{row}" }, Held,
            cancellationToken));
}
