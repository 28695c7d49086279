using OmniTools.Configuration;
using OmniTools.Diagnostics;
using OmniTools.Errors;
using OmniTools.Requests;
using OmniTools.Submitting;
using OmniTools.VideoTasks;

namespace OmniTools.Core.Tests.Submitting;

/// <summary>What a provider answers to a submission.</summary>
public sealed class SubmitResponseTests
{
    private static readonly VideoRequest Cat = new() { Prompt = "a cat" };

    [Theory, BothContracts]
    public async Task A_refused_submission_is_sent_once_and_does_not_count_against_the_limit(Contract contract)
    {
        await using var fixture =
            await ClientFixture.StartAsync(contract, settings => settings with { MaxVideosPerDay = "1" });
        foreach (var (status, kind) in new[]
        {
            (400, OmniErrorKind.InvalidRequest), (401, OmniErrorKind.Authentication),
                (402, OmniErrorKind.InsufficientBalance),
            (403, OmniErrorKind.Permission), (404, OmniErrorKind.NotFound), (422, OmniErrorKind.ContentRejected),
        })
        {
            var posts = fixture.Server.Requests.Count;
            fixture.Server.Next(RequestKind.Post,
                Fault.Status(status, $$$"""{"error":{"code":{{{status}}},"message":"余额不足","type":"x"}}""",
                ("x-request-id", "r-1")));
            var error = await Assert.ThrowsAsync<OmniException>(() => fixture.Client.SubmitAsync(Cat));
            Assert.NotNull(fixture.Client.FindTask(error.RequestKey!));
            Assert.Equal((kind, status, "余额不足", "r-1", Charged.No),
                (error.Kind, error.HttpStatus, error.ProviderMessage, error.RequestId, error.Charged));
            Assert.Equal(posts + 1, fixture.Server.Requests.Count);
        }
        await fixture.Client.SubmitAsync(Cat);
        Assert.Equal(OmniErrorKind.LimitReached,
            (await Assert.ThrowsAsync<OmniException>(
            () => fixture.Client.SubmitAsync(Cat with { Prompt = "another" }))).Kind);
        Assert.Equal(1, fixture.Server.Creates);
    }

    [Theory, BothContracts]
    public async Task A_submission_is_retried_after_Retry_After_with_the_same_key_and_bytes(Contract contract)
    {
        await using var fixture = await ClientFixture.StartAsync(contract);
        fixture.Server.Next(RequestKind.Post, Fault.Status(429, "", ("Retry-After", "7")),
            Fault.Status(503, "", ("retry-after-ms", "1500")));
        var before = fixture.Clock.GetUtcNow();
        var lines = new List<string>();
        using var trace = TraceSubscription.Start((_, line) => lines.Add(line));
        var task = await fixture.Client.SubmitAsync(Cat with { RequestKey = "k1" });
        Assert.NotNull(task.Id);
        Assert.Equal(TimeSpan.FromSeconds(8.5), fixture.Clock.GetUtcNow() - before);
        Assert.Contains(lines,
            line => line.EndsWith(" for request key k1; attempt 2 of 4 in 7.0 s", StringComparison.Ordinal));
        var posts = fixture.Server.Requests.Where(request => request.IsSubmit).ToList();
        Assert.Equal(3, posts.Count);
        Assert.Single(posts.Select(post => (post.Body, post.Headers.GetValueOrDefault("Idempotency-Key"))).Distinct());
    }

    [Fact]
    public async Task A_submission_with_Retry_After_above_two_minutes_ends_with_the_time_in_the_error()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);
        fixture.Server.Next(RequestKind.Post, Fault.Status(429, "", ("Retry-After", "600")));
        var error = await Assert.ThrowsAsync<OmniException>(() => fixture.Client.SubmitAsync(Cat));
        Assert.Equal((OmniErrorKind.RateLimited, Charged.No), (error.Kind, error.Charged));
        Assert.InRange((error.RetryAt - fixture.Clock.GetUtcNow())!.Value.TotalSeconds, 599, 601);
    }

    [Fact]
    public async Task A_submission_that_could_not_be_sent_is_not_billed_and_does_not_count_against_the_limit()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ApiMart);
        var settings = fixture.Settings with
        {
            MaxVideosPerDay = "1",
            Providers = new Dictionary<string, ProviderSettings>
            {
                ["apimart"] = fixture.Settings.Providers["apimart"] with { BaseAddress = "http://127.0.0.1:1" },
            },
        };
        await using var client = fixture.NewProcess(settings);
        for (var i = 0; i < 2; i++)
        {
            var error = await Assert.ThrowsAsync<OmniException>(() => client.SubmitAsync(Cat));
            Assert.Equal((OmniErrorKind.ProviderUnavailable, Charged.No), (error.Kind, error.Charged));
        }
        Assert.All(fixture.Client.ListTasks(), task => Assert.Equal(VideoTaskStatus.Failed, task.Status));
    }

    [Fact]
    public async Task Credits_are_estimated_from_what_the_last_clip_of_the_model_cost()
    {
        await using var fixture =
            await ClientFixture.StartAsync(Contract.ApiMart, settings => settings with { MaxCreditsPerDay = "25" });
        Assert.Equal(10, fixture.Client.PlanSubmission(Cat).EstimatedCredits);
        await fixture.Client.SubmitAsync(Cat);
        await fixture.Client.SubmitAsync(Cat with { Prompt = "b" });
        var error = await Assert.ThrowsAsync<OmniException>(
            () => fixture.Client.SubmitAsync(Cat with { Prompt = "c" }));
        Assert.Equal(OmniErrorKind.LimitReached, error.Kind);
        Assert.Equal((2, 20m), (fixture.Client.GetSpending().Videos, fixture.Client.GetSpending().Credits));
        await using var toapis = await LoopbackProvider.StartAsync(Contract.ToApis);
        await using var unknownPrice =
            new OmniClient(TestSettings.For(toapis) with { MaxCreditsPerDay = "25" }, TestSettings.Options);
        Assert.Contains("OMNI_MAX_VIDEOS_PER_DAY",
            (await Assert.ThrowsAsync<OmniException>(() => unknownPrice.SubmitAsync(Cat))).NextStep,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Contract.ToApis, """{"id":"video_9","status":"completed"}""")]
    [InlineData(Contract.ToApis, """{"id":"video_9","status":"failed"}""")]
    [InlineData(Contract.ApiMart, """{"code":200,"data":[{"status":"completed","task_id":"task_9"}]}""")]
    public async Task An_answer_that_replays_an_ended_task_without_its_result_is_no_failure(Contract contract,
    string answer)
    {
        await using var fixture = await ClientFixture.StartAsync(contract);
        fixture.Server.Next(RequestKind.Post, Fault.Status(200, answer));
        var task = await fixture.Client.SubmitAsync(Cat);
        Assert.Equal(VideoTaskStatus.InProgress, task.Status);
        Assert.Null(task.Error);
    }

    [Theory]
    [InlineData(Contract.ApiMart, "{\"code\":200,\"data\":[{\"task_id\":\"t\"}],\"\\ud800\":1}")]
    [InlineData(Contract.ToApis, "{\"error\":1,\"\\ud800\":1}")]
    [InlineData(Contract.ToApis, """{"code":1,"data":{"taskId":"x"}}""")]
    [InlineData(Contract.ApiMart, """{"code":"SUCCESS","data":[{"taskId":"x"}]}""")]
    [InlineData(Contract.ApiMart, """{"error":{"message":"upstream timeout","type":"server_error"}}""")]
    [InlineData(Contract.ToApis, """{"error":{"code":"busy","message":"x","type":"bad_gateway"}}""")]
    public async Task A_submission_with_an_unexpected_response_is_never_unbilled(Contract contract, string answer)
    {
        await using var fixture = await ClientFixture.StartAsync(contract);
        fixture.Server.Next(RequestKind.Post, [.. Enumerable.Repeat(Fault.StatusAfterAccepting(200, answer), 4)]);
        fixture.Server.Next(RequestKind.Get, [.. Enumerable.Repeat(Fault.Status(500), 4)]);
        var error = await Assert.ThrowsAsync<OmniException>(() => fixture.Client.SubmitAsync(Cat));
        Assert.Equal((OmniErrorKind.OutcomeUnknown, Charged.Unknown), (error.Kind, error.Charged));
        Assert.Equal(VideoTaskStatus.Unknown, Assert.Single(fixture.Client.ListTasks()).Status);
        Assert.Equal(OmniErrorKind.DuplicateRequest,
            (await Assert.ThrowsAsync<OmniException>(() => fixture.Client.SubmitAsync(Cat))).Kind);
    }

    [Fact]
    public async Task A_task_id_with_unprintable_characters_is_not_accepted()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);
        var answer = """{"id":"video_1\u001b[2J\u202e LONG","status":"queued"}""".Replace("LONG",
            new string('x', 100_000), StringComparison.Ordinal);
        fixture.Server.Next(RequestKind.Post, Fault.StatusAfterAccepting(200, answer));
        var error =
            await Assert.ThrowsAsync<OmniException>(() => fixture.Client.SubmitAsync(Cat with { RequestKey = "k1" }));
        Assert.Equal((OmniErrorKind.OutcomeUnknown, Charged.Unknown), (error.Kind, error.Charged));
        // Asked for by its key it has one.
        Assert.Equal(fixture.Server.Tasks.Single().Id, (await fixture.Client.GetTaskAsync("k1")).Id);
        fixture.Server.Next(RequestKind.Get, Fault.Status(200, answer));
        Assert.Equal(OmniErrorKind.ProviderUnavailable,
            (await Assert.ThrowsAsync<OmniException>(() => fixture.Client.GetTaskAsync("video_2", "toapis"))).Kind);
        Assert.Single(fixture.Client.ListTasks());
    }

    [Fact]
    public async Task A_submission_answered_with_an_id_and_an_error_is_kept_as_a_task()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);
        fixture.Server.Next(RequestKind.Post,
            Fault.StatusAfterAccepting(200,
            """{"id":"video_1","status":"queued","error":{"code":402,"message":"no"}}"""));
        var task = await fixture.Client.SubmitAsync(Cat);
        Assert.Equal(("video_1", VideoTaskStatus.Queued), (task.Id, task.Status));
    }

    [Fact]
    public async Task A_submission_response_with_an_impossible_time_or_price_is_accepted()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);
        fixture.Server.Next(RequestKind.Post,
            Fault.Status(200, """{"id":"v","status":"completed","completed_at":253402300000,"credits_cost":7e28}"""));
        Assert.Equal("v", (await fixture.Client.SubmitAsync(Cat)).Id);
        Assert.Equal(1, fixture.Client.GetSpending().Videos);
    }

    [Theory]
    [InlineData(400, "Refused", Charged.No)]
    [InlineData(429, "TryLater", Charged.No)]
    [InlineData(502, "Unclear", Charged.Unknown)]
    [InlineData(200, "Unclear", Charged.Unknown)]
    public void Read_OnlyARefusalIsNotBilled(int status, string verdict, Charged charged)
    {
        var response = SubmitResponse.Read(TestProviders.Unreachable("apimart"), new(status, []), "k1", "m");
        Assert.Equal((verdict, charged), (response.Verdict.ToString(), response.Reason!.Charged));
    }
}
