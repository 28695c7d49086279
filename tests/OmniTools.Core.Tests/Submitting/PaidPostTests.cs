using System.Net;
using System.Text;
using OmniTools.Catalog;
using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.Ledger;
using OmniTools.Providers;
using OmniTools.Providers.ApiMart;
using OmniTools.Submitting;

namespace OmniTools.Core.Tests.Submitting;

/// <summary>What an answer to the paid request settles, and what is said of the rest.</summary>
public sealed partial class PaidPostTests
{
    private readonly TestTimeProvider clock = new() { AutoAdvance = true };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"error":{"message":"no"}}""", OmniErrorKind.ProviderUnavailable)]
    [InlineData("""{"error":"no"}""", OmniErrorKind.ProviderUnavailable)]
    [InlineData("""{"success":false,"message":"no"}""", OmniErrorKind.ProviderUnavailable)]
    [InlineData("""{"error":{"code":402,"message":"no"}}""", OmniErrorKind.InsufficientBalance)]
    [InlineData("""{"code":400,"message":"no"}""", OmniErrorKind.InvalidRequest)]
    [InlineData("""{"code":402,"message":"no"}""", OmniErrorKind.InsufficientBalance)]
    [InlineData("""{"code":"431","message":"no"}""", OmniErrorKind.InvalidRequest)]
    public async Task PaidPost_200WithAnError_IsRejectedAndNotBilled(string body, OmniErrorKind kind)
    {
        var refused = Assert.IsType<SubmitOutcome.Rejected>(await SendAsync(body)).Reason;
        Assert.Equal((kind, Charged.No, true, "k1", "no"),
            (refused.Kind, refused.Charged, refused.WasSent, refused.RequestKey, refused.ProviderMessage));
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
    public async Task PaidPost_200WithoutIdOrError_IsUnknown(string body)
    {
        var error = Assert.IsType<SubmitOutcome.Unknown>(await SendAsync(body)).Reason;
        Assert.Equal((OmniErrorKind.OutcomeUnknown, Charged.Unknown, true, "k1", 200),
            (error.Kind, error.Charged, error.WasSent, error.RequestKey, error.HttpStatus));
        Assert.Equal(body.Contains('?', StringComparison.Ordinal) ? "?" : null, error.ProviderMessage);
        Assert.Equal(error.ProviderMessage is null,
            error.Summary.Contains("unexpected response", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"code":200,"data":[{"task_id":"ID"}]}""")]
    [InlineData("""{"code":200,"data":{"id":"ID"}}""")]
    [InlineData("""{"code":402,"message":"no","data":[{"task_id":"ID"}]}""")]
    [InlineData("""{"error":{"code":400,"message":"no"},"data":{"id":"ID"}}""")]
    public async Task PaidPost_ResponseWithAnId_IsAcceptedAndWithAnUnusableIdUnknown(string body)
    {
        foreach (var id in new[] { "t", "a b", "灯台", new string('x', JsonValueReader.LongestId) })
            Assert.Equal(id, Assert.IsType<SubmitOutcome.Accepted>(
                await SendAsync(body.Replace("ID", id, StringComparison.Ordinal))).Report.Id);
        foreach (var id in new[] { """t\u001b[2J""", """t\u202e""", """\u200bt""", """t\n""", """\ue000""", " t", ".",
            "..", new string('x', JsonValueReader.LongestId + 1) })
        {
            var error = Assert.IsType<SubmitOutcome.Unknown>(
                await SendAsync(body.Replace("ID", id, StringComparison.Ordinal))).Reason;
            Assert.Equal((OmniErrorKind.OutcomeUnknown, Charged.Unknown, true),
                (error.Kind, error.Charged, error.WasSent));
            Assert.Contains("no task id", error.Message, StringComparison.Ordinal);
            Assert.InRange(error.ToString().Length, 1, 10_000);
        }
    }

    [Fact]
    public async Task PaidPost_ResponseThatCannotBeRead_IsUnknown()
    {
        var provider = new FakeProvider(Provider(() => Answer("{}")))
        {
            Read = () => throw new NotImplementedException("a reader that breaks"),
        };
        var error = Assert.IsType<SubmitOutcome.Unknown>(await SendAsync(provider)).Reason;
        Assert.Equal((OmniErrorKind.OutcomeUnknown, Charged.Unknown, true), (error.Kind, error.Charged, error.WasSent));
        Assert.Contains("a reader that breaks", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PaidPost_RefusalAfterAnUnknownAttempt_StaysUnknown()
    {
        Assert.IsType<SubmitOutcome.Unknown>(await SendAsync("""{"code":402}""", isUnknown: true));
        Assert.IsType<SubmitOutcome.Accepted>(
            await SendAsync("""{"code":200,"data":[{"task_id":"t"}]}""", isUnknown: true));
    }

    [Theory]
    [InlineData(429, "", true)]
    [InlineData(503, """{"error":{"code":"idempotency_unavailable","message":"?"}}""", true)]
    [InlineData(503, """{"error":{"type":"idempotency_unavailable","message":"?"}}""", true)]
    [InlineData(503, "", false)]
    [InlineData(503, """{"error":{"code":503,"message":"?"}}""", false)]
    [InlineData(500, "", false)]
    [InlineData(502, "<html>", false)]
    [InlineData(409, "", false)]
    [InlineData(409, """{"error":{"code":"idempotency_in_progress","message":"?"}}""", false)]
    [InlineData(409, """{"error":{"code":"idempotency_result_indeterminate","message":"?"}}""", false)]
    public async Task PaidPost_429OrIdempotencyUnavailable_IsRejectedAndOthersUnknown(int status, string body,
    bool isTemporary)
    {
        var outcome =
            await SendAsync(Provider(() => new((HttpStatusCode)status) { Content = new StringContent(body) }));
        if (isTemporary)
        {
            var rejected = Assert.IsType<SubmitOutcome.Rejected>(outcome);
            Assert.Equal((true, Charged.No), (rejected.IsTemporary, rejected.Reason.Charged));
        }
        else
        {
            Assert.Equal(Charged.Unknown, Assert.IsType<SubmitOutcome.Unknown>(outcome).Reason.Charged);
        }
    }

    [Theory]
    [InlineData("idempotency_in_progress", HttpConstants.MaximumAttempts)]
    [InlineData("idempotency_result_indeterminate", 1)]
    [InlineData("idempotency_key_reused", 1)]
    public async Task A_409_of_APIMart_is_sent_again_only_while_the_first_request_is_in_progress(string code, int posts)
    {
        var sent = 0;
        await SendAsync(Provider(() =>
        {
            sent++;
            return new(HttpStatusCode.Conflict)
            {
                Content = new StringContent($$$"""{"error":{"code":"{{{code}}}","message":"?"}}"""),
            };
        }));
        Assert.Equal(posts, sent);
    }

    [Fact]
    public async Task A_409_for_a_reused_key_is_a_duplicate_that_was_not_billed()
    {
        var answer = """{"error":{"code":"idempotency_key_reused","message":"?"}}""";
        var outcome =
            await SendAsync(Provider(() => new(HttpStatusCode.Conflict) { Content = new StringContent(answer) }));
        var rejected = Assert.IsType<SubmitOutcome.Rejected>(outcome);
        Assert.Equal((OmniErrorKind.DuplicateRequest, Charged.No, false),
            (rejected.Reason.Kind, rejected.Reason.Charged, rejected.IsTemporary));
    }

    [Fact]
    public async Task PaidPost_CancelledBetweenAttempts_IsUnknown()
    {
        var still = new TestTimeProvider();
        using var stop = new CancellationTokenSource();
        var sending = SendAsync(Provider(() => new(HttpStatusCode.BadGateway), still), cancellationToken: stop.Token);
        await still.WhenWaitingAsync();
        await stop.CancelAsync();
        var error = Assert.IsType<SubmitOutcome.Unknown>(await sending).Reason;
        Assert.Equal((OmniErrorKind.OutcomeUnknown, Charged.Unknown), (error.Kind, error.Charged));
        Assert.Contains("may have been billed", error.Message, StringComparison.Ordinal);
    }

    private Task<SubmitOutcome> SendAsync(string body, bool isUnknown = false) =>
        SendAsync(Provider(() => Answer(body)), isUnknown, cancellationToken: Stop);

    private async Task<SubmitOutcome> SendAsync(IVideoProvider provider, bool isUnknown = false,
        Func<CancellationToken, Task>? renew = null, CancellationToken cancellationToken = default)
    {
        var attempts = provider.Transport.Begin(CallKind.Submit);
        using var permit = await attempts.EnterAsync(cancellationToken);
        var post = provider.WriteSubmit(new(new() { Model = "m" }, provider.Spec, provider.Spec.OtherModels, []), "k1");
        return await new PaidPost(provider, post, CreateLease("k1", renew), attempts).SendAsync(permit!,
            isUnknown ? clock.GetUtcNow() : null, cancellationToken);
    }

    private ApiMartProvider Provider(Func<HttpResponseMessage> answer, TimeProvider? timeProvider = null) =>
        new(ModelCatalog.Provider("apimart"),
        TestProviders.Transport("https://provider.invalid", "sk-unused", timeProvider ?? clock,
        new StubHandler(answer)));

    private static HttpResponseMessage Answer(string body) =>
        new(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    private static SubmissionLease CreateLease(string requestKey, Func<CancellationToken, Task>? renew)
    {
        var task = new VideoTasks.VideoTask
        {
            RequestKey = requestKey,
            Provider = "apimart",
            Status = VideoTasks.VideoTaskStatus.Submitting,
            CreatedAt = default,
        };
        return new(RequestRecord.Intend(task, new() { Request = new() }), renew ?? (_ => Task.CompletedTask));
    }

    private sealed class StubHandler(Func<HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request,
            CancellationToken cancellationToken)
        {
            await request.Content!.CopyToAsync(Stream.Null, cancellationToken);
            return answer();
        }
    }
}
