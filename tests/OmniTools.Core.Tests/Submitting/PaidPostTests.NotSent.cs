using System.Net;
using OmniTools.Diagnostics;
using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.Providers.ApiMart;
using OmniTools.Submitting;

namespace OmniTools.Core.Tests.Submitting;

/// <content>What ends before the request is sent, or before it is sent again.</content>
public sealed partial class PaidPostTests
{
    [Fact]
    public async Task SendAsync_CancelledBeforeItIsSent_IsRejectedAndNotBilled()
    {
        var outcome = await SendAsync(NeverSent(), renew: _ => throw new OperationCanceledException());
        var refused = Assert.IsType<SubmitOutcome.Rejected>(outcome);
        Assert.Equal((OmniErrorKind.ProviderUnavailable, Charged.No, "apimart", "k1", false),
            (refused.Reason.Kind, refused.Reason.Charged, refused.Reason.Provider, refused.Reason.RequestKey,
            refused.IsTemporary));
        Assert.Equal("The submission was cancelled before it was sent. Nothing was billed. Submit again, with the "
            + "request key 'k1' to keep it the same request.", refused.Reason.Message);
    }

    [Fact]
    public async Task SendAsync_CancelledBeforeItIsSentAgain_StaysUnknown()
    {
        var outcome =
            await SendAsync(NeverSent(), isUnknown: true, renew: _ => throw new OperationCanceledException());
        var error = Assert.IsType<SubmitOutcome.Unknown>(outcome).Reason;
        Assert.Equal((OmniErrorKind.OutcomeUnknown, Charged.Unknown), (error.Kind, error.Charged));
        Assert.Equal("The request was sent to APIMart and its outcome is not known (an earlier attempt had no recorded "
            + "answer)", error.Summary);
    }

    [Fact]
    public async Task SendAsync_LeaseLost_SendsNothing()
    {
        var lost = new OmniException(OmniErrorKind.LedgerUnavailable, "The lease is lost");
        var outcome = await SendAsync(NeverSent(), renew: _ => throw lost);
        Assert.Same(lost, Assert.IsType<SubmitOutcome.Rejected>(outcome).Reason);
        outcome = await SendAsync(NeverSent(), isUnknown: true, renew: _ => throw lost);
        Assert.Same(lost, Assert.IsType<SubmitOutcome.Unknown>(outcome).Reason.InnerException);
    }

    [Fact]
    public async Task SendAsync_RateLimitAfterAnUnknownAttempt_StaysUnknown()
    {
        var lines = new List<string>();
        using var trace = TraceSubscription.Start((_, line) => lines.Add(line));
        var sent = 0;
        var outcome = await SendAsync(Provider(() =>
        {
            sent++;
            return new(HttpStatusCode.TooManyRequests);
        }), isUnknown: true);
        Assert.Contains("an earlier attempt had no recorded answer",
            Assert.IsType<SubmitOutcome.Unknown>(outcome).Reason.Message, StringComparison.Ordinal);
        Assert.Equal(HttpConstants.MaximumAttempts, sent);
        Assert.Contains("an earlier attempt had no recorded answer for request key k1; attempt 2 of 4 in 0.3 s", lines);
    }

    private ApiMartProvider NeverSent() =>
        Provider(() => throw new InvalidOperationException("It was sent."));
}
