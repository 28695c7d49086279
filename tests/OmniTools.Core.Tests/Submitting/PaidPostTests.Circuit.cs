using System.Net;
using OmniTools.Catalog;
using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.Providers;
using OmniTools.Providers.ApiMart;
using OmniTools.Providers.ToApis;
using OmniTools.Submitting;

namespace OmniTools.Core.Tests.Submitting;

/// <content>What a submission that cannot be sent settles, and what each answer says about the host.</content>
public sealed partial class PaidPostTests
{
    [Fact]
    public async Task SendAsync_HostCannotBeReached_IsRejectedForNowAndOpensTheCircuit()
    {
        var (provider, attempts) = Begin(new UnreachableHandler());
        var refused = Assert.IsType<SubmitOutcome.Rejected>(await SendAsync(provider, attempts));
        Assert.Equal((OmniErrorKind.ProviderUnavailable, Charged.No, true),
            (refused.Reason.Kind, refused.Reason.Charged, refused.IsTemporary));
        Assert.Equal("APIMart could not be reached: no route", refused.Reason.Summary);
        Assert.Equal("no route", attempts.Outage?.Reason);
    }

    [Fact]
    public async Task SendAsync_CancelledWhileItConnects_IsRejectedAndSaysNothingAboutTheHost()
    {
        using var stop = new CancellationTokenSource();
        var (provider, attempts) = Begin(new UnreachableHandler(stop));
        var refused = Assert.IsType<SubmitOutcome.Rejected>(await SendAsync(provider, attempts, token: stop.Token));
        Assert.Equal((Charged.No, false), (refused.Reason.Charged, refused.IsTemporary));
        Assert.Null(attempts.Outage);
    }

    [Fact]
    public async Task SendAsync_CannotBeReachedAfterAnUnknownAttempt_StaysUnknownForTheEarlierReason()
    {
        var (provider, attempts) = Begin(new UnreachableHandler());
        var outcome = await SendAsync(provider, attempts, sentBefore: clock.GetUtcNow());
        Assert.Contains("an earlier attempt had no recorded answer",
            Assert.IsType<SubmitOutcome.Unknown>(outcome).Reason.Summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests, true)]
    [InlineData(HttpStatusCode.BadGateway, false)]
    public async Task SendAsync_OneRateLimit_OpensTheCircuitAndOneUnclearAnswerDoesNot(HttpStatusCode status,
        bool isOpen)
    {
        var still = new TestTimeProvider();
        using var stop = new CancellationTokenSource();
        var (provider, attempts) = Begin(new StubHandler(() => new(status)), still);
        var sending = SendAsync(provider, attempts, token: stop.Token);
        if (!isOpen)
            await still.WhenWaitingAsync();
        Assert.Equal(isOpen, attempts.Outage is not null);
        await stop.CancelAsync();
        await sending;
    }

    [Fact]
    public async Task SendAsync_UnclearAnswersInARow_OpenTheCircuitAndAnAcceptanceClosesIt()
    {
        var status = HttpStatusCode.BadGateway;
        var (provider, attempts) = Begin(new StubHandler(() => status == HttpStatusCode.OK
            ? Answer("""{"code":200,"data":[{"task_id":"t"}]}""") : new(status)));
        Assert.IsType<SubmitOutcome.Unknown>(await SendAsync(provider, attempts));
        Assert.NotNull(attempts.Outage);
        status = HttpStatusCode.OK;
        Assert.IsType<SubmitOutcome.Accepted>(await SendAsync(provider, attempts));
        Assert.Null(attempts.Outage);
    }

    [Theory]
    [InlineData(119, 1)]
    [InlineData(120, 0)]
    public async Task SendAsync_NoTaskForTheKey_ProvesTwoMinutesAfterItWasSentThatItWasNotAccepted(int secondsAgo,
        int posts)
    {
        var sent = 0;
        var transport = Transport(new StubHandler(() =>
        {
            sent++;
            return Answer("""{"id":"t","status":"queued"}""");
        }), clock);
        var provider = new FakeProvider(new ToApisProvider(ModelCatalog.Provider("toapis"), transport))
        {
            Find = () => Task.FromResult<VideoTaskReport?>(null),
            Read = () => new() { Id = "t", Status = VideoTasks.VideoTaskStatus.Queued },
        };
        var outcome = await SendAsync(provider, provider.Transport.Begin(CallKind.Submit),
            clock.GetUtcNow().AddSeconds(-secondsAgo));
        Assert.Equal(posts, sent);
        if (posts > 0)
        {
            Assert.IsType<SubmitOutcome.Accepted>(outcome);
            return;
        }
        var refused = Assert.IsType<SubmitOutcome.Rejected>(outcome);
        Assert.Equal((Charged.No, true), (refused.Reason.Charged, refused.IsTemporary));
        Assert.Equal("ToAPIs did not accept the request, and has no task for its key", refused.Reason.Summary);
    }

    [Theory]
    [InlineData(OmniErrorKind.ProviderUnavailable, 2)]
    [InlineData(OmniErrorKind.RateLimited, 2)]
    [InlineData(OmniErrorKind.Authentication, 1)]
    public async Task SendAsync_ProviderCannotBeAsked_IsAskedAgainOnlyWhereThatMayHelp(OmniErrorKind kind, int calls)
    {
        var (asked, sent) = (0, 0);
        var transport = Transport(new StubHandler(() =>
        {
            sent++;
            return new(HttpStatusCode.BadGateway);
        }), clock);
        var provider = new FakeProvider(new ToApisProvider(ModelCatalog.Provider("toapis"), transport))
        {
            Find = () => ++asked == 1
                ? throw new OmniException(kind, "It failed")
                : Task.FromResult<VideoTaskReport?>(
                    new() { Id = "t", Status = VideoTasks.VideoTaskStatus.Queued }),
        };
        var attempts = TestProviders.Retry(clock, policy: RetryPolicy.Hold(TimeSpan.FromMinutes(1)))
            .Begin("host", "ToAPIs", CallKind.Submit);
        var outcome = await SendAsync(provider, attempts, sentBefore: clock.GetUtcNow());
        Assert.Equal((calls, calls == 2, 0), (asked, outcome is SubmitOutcome.Accepted, sent));
    }

    private (ApiMartProvider Provider, CallAttempts Attempts) Begin(HttpMessageHandler handler,
        TimeProvider? timeProvider = null)
    {
        var provider =
            new ApiMartProvider(ModelCatalog.Provider("apimart"), Transport(handler, timeProvider ?? clock));
        return (provider, provider.Transport.Begin(CallKind.Submit));
    }

    private static ProviderTransport Transport(HttpMessageHandler handler, TimeProvider timeProvider) =>
        TestProviders.Transport("https://provider.invalid", "sk-unused", timeProvider, handler);

    private static Task<SubmitOutcome> SendAsync(IVideoProvider provider, CallAttempts attempts,
        DateTimeOffset? sentBefore = null, CancellationToken token = default)
    {
        var post = provider.WriteSubmit(new(new() { Model = "m" }, provider.Spec, provider.Spec.OtherModels, []), "k1");
        return new PaidPost(provider, post, CreateLease("k1", null), attempts)
            .SendAsync(attempts.Bypass(), sentBefore, token);
    }

    private sealed class UnreachableHandler(CancellationTokenSource? stop = null) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request,
            CancellationToken cancellationToken)
        {
            stop?.Cancel();
            throw new HttpRequestException("no route");
        }
    }
}
