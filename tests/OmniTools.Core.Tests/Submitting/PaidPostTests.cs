using System.Net;
using System.Text;
using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.Providers;
using OmniTools.Providers.ApiMart;
using OmniTools.Submitting;
using OmniTools.Testing;
using OmniTools.Tests;
using Xunit;

namespace OmniTools.Core.Tests.Submitting;

/// <summary>What an answer to the paid request settles, and what is said of the rest.</summary>
public sealed class PaidPostTests
{
    private readonly ManualClock clock = new() { AutoAdvance = true };
    private readonly RetryQuota quota = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"error":{"message":"no"}}""", OmniErrorKind.ProviderUnavailable)]
    [InlineData("""{"error":"no"}""", OmniErrorKind.ProviderUnavailable)]
    [InlineData("""{"success":false,"message":"no"}""", OmniErrorKind.ProviderUnavailable)]
    [InlineData("""{"error":{"code":402,"message":"no"}}""", OmniErrorKind.InsufficientBalance)]
    [InlineData("""{"code":400,"message":"no"}""", OmniErrorKind.InvalidRequest)]
    [InlineData("""{"code":402,"message":"no"}""", OmniErrorKind.InsufficientBalance)]
    [InlineData("""{"code":"431","message":"no"}""", OmniErrorKind.InvalidRequest)]
    public async Task A_200_that_says_no_is_a_refusal_and_nothing_was_billed(string body, OmniErrorKind kind)
    {
        var refused = Assert.IsType<SubmitOutcome.Rejected>(await SendAsync(body)).Reason;
        Assert.Equal((kind, Charged.No, true, "k1", "no"), (refused.Kind, refused.Charged, refused.WasSent, refused.RequestKey, refused.ProviderMessage));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("<html>")]
    [InlineData("""{"code":200,"data":[]}""")]
    [InlineData("""{"code":1,"message":"?"}""")]
    [InlineData("""{"code":399,"message":"?"}""")]
    [InlineData("""{"code":499,"message":"?"}""")]
    [InlineData("""{"code":500,"message":"?"}""")]
    [InlineData("""{"error":{"code":500,"message":"?"}}""")]
    [InlineData("""{"error":{"code":429,"message":"?"}}""")]
    public async Task A_200_that_says_neither_yes_nor_no_may_have_been_billed(string body)
    {
        var error = Assert.IsType<SubmitOutcome.Unknown>(await SendAsync(body)).Reason;
        Assert.Equal((OmniErrorKind.OutcomeUnknown, Charged.Unknown, true, "k1", 200), (error.Kind, error.Charged, error.WasSent, error.RequestKey, error.HttpStatus));
        Assert.Equal(body.Contains('?', StringComparison.Ordinal) ? "?" : null, error.ProviderMessage);
        Assert.Equal(error.ProviderMessage is null, error.What.Contains("not its contract", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"code":200,"data":[{"task_id":"ID"}]}""")]
    [InlineData("""{"code":200,"data":{"id":"ID"}}""")]
    [InlineData("""{"code":402,"message":"no","data":[{"task_id":"ID"}]}""")]
    [InlineData("""{"error":{"code":400,"message":"no"},"data":{"id":"ID"}}""")]
    public async Task An_answer_with_an_id_is_an_acceptance_whatever_else_it_says_and_one_with_an_unusable_id_may_be_one(string body)
    {
        foreach (var id in new[] { "t", "a b", "灯台", new string('x', WireValues.LongestId) })
            Assert.Equal(id, Assert.IsType<SubmitOutcome.Accepted>(await SendAsync(body.Replace("ID", id, StringComparison.Ordinal))).Report.Id);
        foreach (var id in new[] { """t\u001b[2J""", """t\u202e""", """\u200bt""", """t\n""", """\ue000""", " t", ".", "..", new string('x', WireValues.LongestId + 1) })
        {
            var error = Assert.IsType<SubmitOutcome.Unknown>(await SendAsync(body.Replace("ID", id, StringComparison.Ordinal))).Reason;
            Assert.Equal((OmniErrorKind.OutcomeUnknown, Charged.Unknown, true), (error.Kind, error.Charged, error.WasSent));
            Assert.Contains("no task id", error.Message, StringComparison.Ordinal);
            Assert.InRange(error.ToString().Length, 1, 10_000);
        }
    }

    [Fact]
    public async Task Whatever_an_answer_does_to_its_reader_it_was_sent_and_may_have_been_billed()
    {
        var provider = new FakeProvider(Provider(() => Answer("{}"))) { Read = () => throw new NotImplementedException("a reader that breaks") };
        var error = Assert.IsType<SubmitOutcome.Unknown>(await SendAsync(provider)).Reason;
        Assert.Equal((OmniErrorKind.OutcomeUnknown, Charged.Unknown, true), (error.Kind, error.Charged, error.WasSent));
        Assert.Contains("a reader that breaks", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_says_nothing_about_an_earlier_attempt()
    {
        Assert.IsType<SubmitOutcome.Unknown>(await SendAsync("""{"code":402}""", isUnknown: true));
        Assert.IsType<SubmitOutcome.Accepted>(await SendAsync("""{"code":200,"data":[{"task_id":"t"}]}""", isUnknown: true));
    }

    [Fact]
    public async Task What_was_accepted_earns_back_quota()
    {
        while (quota.TryTake(throttled: true))
        {
        }
        for (var i = 0; i < RetryQuota.ThrottledCost; i++)
            await SendAsync("""{"code":200,"data":[{"task_id":"t"}]}""");
        Assert.True(quota.TryTake(throttled: true));
        Assert.False(quota.TryTake(throttled: true));
    }

    [Theory]
    [InlineData(null, RetryQuota.TransientCost)]
    [InlineData(502, RetryQuota.TransientCost)]
    [InlineData(503, RetryQuota.ThrottledCost)]
    public async Task A_retry_after_a_failure_costs_more_quota_than_one_after_a_refusal_for_load(int? status, int cost)
    {
        await SendAsync(Provider(() => status is { } code ? new((HttpStatusCode)code) : throw new IOException("reset")));
        var left = 0;
        while (quota.TryTake(throttled: true))
            left++;
        Assert.Equal((RetryQuota.Capacity - (3 * cost)) / RetryQuota.ThrottledCost, left);
    }

    [Theory]
    [InlineData(503, false)]
    [InlineData(502, true)]
    public async Task Cancelled_between_two_attempts_it_is_unbilled_only_where_none_can_have_been_accepted(int status, bool isUnknown)
    {
        var still = new ManualClock();
        using var stop = new CancellationTokenSource();
        var sending = SendAsync(Provider(() => new((HttpStatusCode)status), still), stop: stop.Token);
        await still.WhenWaitingAsync();
        await stop.CancelAsync();
        var outcome = await sending;
        var error = outcome is SubmitOutcome.Unknown unknown ? unknown.Reason : Assert.IsType<SubmitOutcome.Rejected>(outcome).Reason;
        Assert.Equal((isUnknown ? OmniErrorKind.OutcomeUnknown : OmniErrorKind.ProviderUnavailable, isUnknown ? Charged.Unknown : Charged.No), (error.Kind, error.Charged));
        Assert.Contains(isUnknown ? "may have been billed" : "Nothing was billed", error.Message, StringComparison.Ordinal);
        Assert.Equal(!isUnknown, error.What.Contains("cancelled", StringComparison.Ordinal));
    }

    private Task<SubmitOutcome> SendAsync(string body, bool isUnknown = false) => SendAsync(Provider(() => Answer(body)), isUnknown, Stop);

    private static Task<SubmitOutcome> SendAsync(IVideoProvider provider, bool isUnknown = false, CancellationToken stop = default) =>
        new PaidPost(provider, provider.WriteSubmit(new() { Model = "m" }, "k1"), "k1").SendAsync(isUnknown, stop);

    private ApiMartProvider Provider(Func<HttpResponseMessage> answer, TimeProvider? time = null) =>
        new(Catalog.Provider("apimart"), Wire.Transport("https://provider.invalid", "sk-unused", time ?? clock, quota, new Answering(answer)));

    private static HttpResponseMessage Answer(string body) => new(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    private sealed class Answering(Func<HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await request.Content!.CopyToAsync(Stream.Null, cancellationToken);
            return answer();
        }
    }
}
