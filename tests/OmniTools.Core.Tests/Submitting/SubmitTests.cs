using OmniTools.Errors;
using OmniTools.Requests;
using OmniTools.Tasks;
using OmniTools.Testing;
using Xunit;

namespace OmniTools.Core.Tests.Submitting;

public sealed class SubmitTests
{
    private static readonly VideoRequest Cat = new() { Prompt = "a cat" };

    [Theory, BothContracts]
    public async Task The_same_key_twice_gives_the_same_task_without_a_second_post(Contract contract)
    {
        await using var world = await World.StartAsync(contract);
        var first = await world.Client.SubmitAsync(Cat with { RequestKey = "k1" });
        var second = await world.Client.SubmitAsync(Cat with { RequestKey = "k1" });
        await using var later = world.NewProcess();
        var third = await later.SubmitAsync(Cat with { RequestKey = "k1" });
        Assert.Equal((first.Id, first.Id), (second.Id, third.Id));
        Assert.Single(world.Server.Requests, request => request.IsSubmit);
    }

    [Theory, BothContracts]
    public async Task The_same_key_at_the_same_time_is_one_submission(Contract contract)
    {
        await using var world = await World.StartAsync(contract);
        var tasks = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => world.Client.SubmitAsync(Cat with { RequestKey = "k1" })));
        Assert.Single(tasks.Select(task => task.Id).Distinct());
        Assert.Equal(1, world.Server.Creates);
    }

    [Theory, BothContracts]
    public async Task The_same_key_with_other_content_is_refused_and_nothing_is_sent(Contract contract)
    {
        await using var world = await World.StartAsync(contract);
        await world.Client.SubmitAsync(Cat with { RequestKey = "k1" });
        var error = await Assert.ThrowsAsync<OmniException>(() => world.Client.SubmitAsync(new() { Prompt = "a dog", RequestKey = "k1" }));
        Assert.Equal((OmniErrorKind.DuplicateRequest, Charged.No, false), (error.Kind, error.Charged, error.WasSent));
        Assert.Equal(1, world.Server.Creates);
    }

    [Fact]
    public async Task A_default_that_is_spelled_out_is_the_same_content()
    {
        await using var world = await World.StartAsync(Contract.ToApis);
        var first = await world.Client.SubmitAsync(Cat with { RequestKey = "k1" });
        Assert.Equal(first.Id, (await world.Client.SubmitAsync(Cat with { RequestKey = "k1", AspectRatio = "16:9", Duration = 6, Resolution = "720p" })).Id);
    }

    [Theory, BothContracts]
    public async Task A_lost_answer_is_settled_within_the_same_call(Contract contract)
    {
        await using var world = await World.StartAsync(contract);
        world.Server.Next(RequestKind.Post, Fault.ResetAfterAccepting);
        var task = await world.Client.SubmitAsync(Cat);
        Assert.Equal(world.Server.Tasks.Single().Id, task.Id);
        Assert.Equal(1, world.Server.Creates);
    }

    [Fact]
    public async Task At_toapis_a_lost_answer_is_settled_by_reading_and_never_by_a_second_post()
    {
        await using var world = await World.StartAsync(Contract.ToApis);
        world.Server.Next(RequestKind.Post, Fault.ResetAfterAccepting);
        await world.Client.SubmitAsync(Cat);
        Assert.Single(world.Server.Requests, request => request.IsSubmit);
    }

    [Fact]
    public async Task At_apimart_a_lost_answer_is_settled_by_the_same_key_and_the_same_bytes()
    {
        await using var world = await World.StartAsync(Contract.ApiMart);
        world.Server.Next(RequestKind.Post, Fault.ResetAfterAccepting, Fault.StatusAfterAccepting(502));
        await world.Client.SubmitAsync(Cat);
        var posts = world.Server.Requests.Where(request => request.IsSubmit).ToList();
        Assert.Equal(3, posts.Count);
        Assert.Single(posts.Select(post => (post.Body, post.Headers["Idempotency-Key"])).Distinct());
    }

    [Theory, BothContracts]
    public async Task What_cannot_be_settled_is_reported_unknown_with_the_next_step_and_shows_in_list_and_get(Contract contract)
    {
        await using var world = await World.StartAsync(contract);
        world.Server.Next(RequestKind.Post, [.. Enumerable.Repeat(Fault.ResetAfterAccepting, 4)]);
        world.Server.Next(RequestKind.Get, [.. Enumerable.Repeat(Fault.Status(500), 4)]);
        var error = await Assert.ThrowsAsync<OmniException>(() => world.Client.SubmitAsync(Cat with { RequestKey = "k1" }));
        Assert.Equal((OmniErrorKind.OutcomeUnknown, Charged.Unknown, "k1"), (error.Kind, error.Charged, error.RequestKey));
        Assert.Contains("may have been billed", error.Message, StringComparison.Ordinal);
        Assert.Contains("'k1'", error.NextStep, StringComparison.Ordinal);
        var listed = Assert.Single(world.Client.List());
        Assert.Equal((VideoTaskStatus.Unknown, (string?)null, "k1"), (listed.Status, listed.Id, listed.RequestKey));

        // ToAPIs can be asked; at APIMart asking must not buy, so the same request settles it.
        var asked = await world.Client.GetAsync("k1");
        Assert.Equal(contract == Contract.ToApis ? VideoTaskStatus.Queued : VideoTaskStatus.Unknown, asked.Status == VideoTaskStatus.InProgress ? VideoTaskStatus.Queued : asked.Status);
        var settled = await world.Client.SubmitAsync(Cat with { RequestKey = "k1" });
        Assert.Equal(world.Server.Tasks.Single().Id, settled.Id);
        Assert.Equal(settled.Id, Assert.Single(world.Client.List()).Id);
    }

    [Theory, BothContracts]
    public async Task A_twin_of_an_unknown_request_is_refused_unless_it_is_meant(Contract contract)
    {
        await using var world = await World.StartAsync(contract);
        world.Server.Next(RequestKind.Post, [.. Enumerable.Repeat(Fault.ResetAfterAccepting, 4)]);
        world.Server.Next(RequestKind.Get, [.. Enumerable.Repeat(Fault.Status(500), 4)]);
        await Assert.ThrowsAsync<OmniException>(() => world.Client.SubmitAsync(Cat));
        var twin = await Assert.ThrowsAsync<OmniException>(() => world.Client.SubmitAsync(Cat));
        Assert.Equal((OmniErrorKind.DuplicateRequest, Charged.No, false), (twin.Kind, twin.Charged, twin.WasSent));
        Assert.Equal(1, world.Server.Creates);
        await world.Client.SubmitAsync(Cat with { RequestKey = "meant" });
        await world.Client.SubmitAsync(Cat, new() { Force = true });
        Assert.Equal(3, world.Server.Creates);
    }

    [Theory, BothContracts]
    public async Task What_the_provider_refuses_is_sent_once_and_frees_its_place_under_the_limit(Contract contract)
    {
        await using var world = await World.StartAsync(contract, settings => settings with { MaxVideosPerDay = "1" });
        foreach (var (status, kind) in new[]
        {
            (400, OmniErrorKind.InvalidRequest), (401, OmniErrorKind.Authentication), (402, OmniErrorKind.InsufficientBalance),
            (403, OmniErrorKind.Permission), (404, OmniErrorKind.NotFound), (422, OmniErrorKind.ContentRejected),
        })
        {
            var posts = world.Server.Requests.Count;
            world.Server.Next(RequestKind.Post, Fault.Status(status, $$$"""{"error":{"code":{{{status}}},"message":"余额不足","type":"x"}}""", ("x-request-id", "r-1")));
            var error = await Assert.ThrowsAsync<OmniException>(() => world.Client.SubmitAsync(Cat));
            Assert.NotNull(world.Client.Find(error.RequestKey!));
            Assert.Equal((kind, status, "余额不足", "r-1", Charged.No), (error.Kind, error.HttpStatus, error.ProviderMessage, error.RequestId, error.Charged));
            Assert.Equal(posts + 1, world.Server.Requests.Count);
        }
        await world.Client.SubmitAsync(Cat);
        Assert.Equal(OmniErrorKind.LimitReached, (await Assert.ThrowsAsync<OmniException>(() => world.Client.SubmitAsync(Cat with { Prompt = "another" }))).Kind);
        Assert.Equal(1, world.Server.Creates);
    }

    [Theory, BothContracts]
    public async Task A_busy_provider_is_asked_again_after_its_own_time_with_the_same_key_and_bytes(Contract contract)
    {
        await using var world = await World.StartAsync(contract);
        world.Server.Next(RequestKind.Post, Fault.Status(429, "", ("Retry-After", "7")), Fault.Status(503, "", ("retry-after-ms", "1500")));
        var before = world.Clock.GetUtcNow();
        var task = await world.Client.SubmitAsync(Cat);
        Assert.NotNull(task.Id);
        Assert.Equal(TimeSpan.FromSeconds(8.5), world.Clock.GetUtcNow() - before);
        var posts = world.Server.Requests.Where(request => request.IsSubmit).ToList();
        Assert.Equal(3, posts.Count);
        Assert.Single(posts.Select(post => (post.Body, post.Headers.GetValueOrDefault("Idempotency-Key"))).Distinct());
    }

    [Fact]
    public async Task A_provider_that_asks_for_more_than_two_minutes_is_not_waited_for_and_the_error_says_when()
    {
        await using var world = await World.StartAsync(Contract.ToApis);
        world.Server.Next(RequestKind.Post, Fault.Status(429, "", ("Retry-After", "600")));
        var error = await Assert.ThrowsAsync<OmniException>(() => world.Client.SubmitAsync(Cat));
        Assert.Equal((OmniErrorKind.RateLimited, Charged.No), (error.Kind, error.Charged));
        Assert.InRange((error.RetryAt - world.Clock.GetUtcNow())!.Value.TotalSeconds, 599, 601);
    }

    [Fact]
    public async Task What_could_not_be_sent_is_not_billed_and_frees_its_place_under_the_limit()
    {
        await using var world = await World.StartAsync(Contract.ApiMart);
        var settings = world.Settings with { MaxVideosPerDay = "1", Providers = new Dictionary<string, ProviderSettings> { ["apimart"] = world.Settings.Providers["apimart"] with { BaseAddress = "http://127.0.0.1:1" } } };
        await using var client = world.NewProcess(settings);
        for (var i = 0; i < 2; i++)
        {
            var error = await Assert.ThrowsAsync<OmniException>(() => client.SubmitAsync(Cat));
            Assert.Equal((OmniErrorKind.ProviderUnavailable, Charged.No), (error.Kind, error.Charged));
        }
        Assert.All(world.Client.List(), task => Assert.Equal(VideoTaskStatus.Failed, task.Status));
    }

    [Theory, BothContracts]
    public async Task Cancelled_while_the_answer_is_outstanding_it_is_unknown_and_later_settled(Contract contract)
    {
        await using var world = await World.StartAsync(contract);
        world.Server.Next(RequestKind.Post, Fault.HangAfterAccepting);
        using var stop = new CancellationTokenSource();
        var submitting = world.Client.SubmitAsync(Cat with { RequestKey = "k1" }, stop: stop.Token);
        await world.Server.WhenRequestAsync(request => request.IsSubmit);
        Assert.Equal(VideoTaskStatus.Submitting, world.Client.Find("k1")!.Status);
        await stop.CancelAsync();
        var error = await Assert.ThrowsAsync<OmniException>(() => submitting);
        Assert.Equal(OmniErrorKind.OutcomeUnknown, error.Kind);
        await using var later = world.NewProcess();
        Assert.Equal(world.Server.Tasks.Single().Id, (await later.SubmitAsync(Cat with { RequestKey = "k1" })).Id);
        Assert.Equal(1, world.Server.Creates);
    }

    [Fact]
    public async Task A_replay_that_comes_a_day_late_is_refused_because_the_key_may_be_forgotten()
    {
        await using var world = await World.StartAsync(Contract.ApiMart);
        world.Server.Next(RequestKind.Post, [.. Enumerable.Repeat(Fault.ResetAfterAccepting, 4)]);
        await Assert.ThrowsAsync<OmniException>(() => world.Client.SubmitAsync(Cat with { RequestKey = "k1" }));
        world.Clock.Advance(TimeSpan.FromHours(25));
        var error = await Assert.ThrowsAsync<OmniException>(() => world.Client.SubmitAsync(Cat with { RequestKey = "k1" }));
        Assert.Equal((OmniErrorKind.OutcomeUnknown, Charged.Unknown), (error.Kind, error.Charged));
        Assert.Equal(4, world.Server.Requests.Count);
    }

    [Fact]
    public async Task Without_a_key_nothing_is_recorded_or_sent_and_the_variable_is_named()
    {
        await using var world = await World.StartAsync(Contract.ToApis);
        await using var client = world.NewProcess(world.Settings with { Providers = new Dictionary<string, ProviderSettings>() });
        var error = await Assert.ThrowsAsync<OmniException>(() => client.SubmitAsync(Cat));
        Assert.Equal((OmniErrorKind.Authentication, "TOAPIS_API_KEY"), (error.Kind, error.Field));
        Assert.Empty(client.List());
    }

    [Fact]
    public async Task A_clock_before_the_ledger_stops_buying_and_loses_nothing()
    {
        await using var world = await World.StartAsync(Contract.ToApis);
        await world.Client.SubmitAsync(Cat);
        await using var client = new OmniClient(world.Settings, new() { Time = new ManualClock(world.Clock.GetUtcNow() - TimeSpan.FromHours(1)) });
        var error = await Assert.ThrowsAsync<OmniException>(() => client.SubmitAsync(Cat with { Prompt = "more" }));
        Assert.Equal((OmniErrorKind.LedgerUnavailable, "clock"), (error.Kind, error.Field));
        Assert.Single(client.List());
        Assert.Equal(1, world.Server.Creates);
    }

    [Fact]
    public async Task A_line_of_a_newer_format_stops_buying_and_loses_nothing()
    {
        await using var world = await World.StartAsync(Contract.ToApis);
        await world.Client.SubmitAsync(Cat);
        var segment = Directory.GetFiles(Path.Combine(world.Settings.Home, "ledger"), "*.jsonl").Single();
        await File.AppendAllTextAsync(segment, """{"v":2,"event":"intent","key":"x"}""" + "\n");
        var error = await Assert.ThrowsAsync<OmniException>(() => world.Client.SubmitAsync(Cat with { Prompt = "more" }));
        Assert.Equal(OmniErrorKind.LedgerUnavailable, error.Kind);
        Assert.Contains("newer OmniTools", error.Message, StringComparison.Ordinal);
        Assert.Single(world.Client.List());
        Assert.Equal(1, world.Server.Creates);
    }

    [Fact]
    public async Task A_ledger_folder_that_cannot_be_made_stops_buying()
    {
        await using var world = await World.StartAsync(Contract.ToApis);
        var file = world.Server.Folder.Write("blocked", [1]);
        await using var client = world.NewProcess(world.Settings with { Home = file });
        var error = await Assert.ThrowsAsync<OmniException>(() => client.SubmitAsync(Cat));
        Assert.Equal((OmniErrorKind.LedgerUnavailable, "OMNI_HOME"), (error.Kind, error.Field));
        Assert.Empty(world.Server.Requests);
    }

    [Fact]
    public async Task Credits_are_estimated_from_what_the_last_clip_of_the_model_cost()
    {
        await using var world = await World.StartAsync(Contract.ApiMart, settings => settings with { MaxCreditsPerDay = "25" });
        Assert.Equal(10, world.Client.Plan(Cat).EstimatedCredits);
        await world.Client.SubmitAsync(Cat);
        await world.Client.SubmitAsync(Cat with { Prompt = "b" });
        var error = await Assert.ThrowsAsync<OmniException>(() => world.Client.SubmitAsync(Cat with { Prompt = "c" }));
        Assert.Equal(OmniErrorKind.LimitReached, error.Kind);
        Assert.Equal((2, 20m), (world.Client.Spend().Videos, world.Client.Spend().Credits));
        await using var toapis = await LoopbackProvider.StartAsync(Contract.ToApis);
        await using var unknownPrice = new OmniClient(TestSettings.For(toapis) with { MaxCreditsPerDay = "25" });
        Assert.Contains("OMNI_MAX_VIDEOS_PER_DAY", (await Assert.ThrowsAsync<OmniException>(() => unknownPrice.SubmitAsync(Cat))).NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_made_elsewhere_is_adopted_by_the_first_get_that_names_its_provider()
    {
        await using var world = await World.StartAsync(Contract.ApiMart);
        var id = (await world.Client.SubmitAsync(Cat)).Id!;
        await using var elsewhere = world.NewProcess(world.Settings with { Home = world.Server.Folder["other"] });
        Assert.Equal(OmniErrorKind.NotFound, (await Assert.ThrowsAsync<OmniException>(() => elsewhere.GetAsync(id))).Kind);
        Assert.Equal(id, (await elsewhere.GetAsync(id, "apimart")).Id);
        Assert.Equal(id, Assert.Single(elsewhere.List()).Id);
        Assert.Equal(VideoTaskStatus.Completed, (await elsewhere.GetAsync(id)).Status);
        Assert.Equal(0, elsewhere.Spend().Videos);
    }

    [Theory]
    [InlineData(Contract.ToApis, """{"id":"video_9","status":"completed"}""")]
    [InlineData(Contract.ToApis, """{"id":"video_9","status":"failed"}""")]
    [InlineData(Contract.ApiMart, """{"code":200,"data":[{"status":"completed","task_id":"task_9"}]}""")]
    public async Task An_answer_that_replays_an_ended_task_without_its_result_is_no_failure(Contract contract, string answer)
    {
        await using var world = await World.StartAsync(contract);
        world.Server.Next(RequestKind.Post, Fault.Status(200, answer));
        var task = await world.Client.SubmitAsync(Cat);
        Assert.Equal(VideoTaskStatus.InProgress, task.Status);
        Assert.Null(task.Error);
    }

    [Theory]
    [InlineData(Contract.ApiMart, "{\"code\":200,\"data\":[{\"task_id\":\"t\"}],\"\\ud800\":1}")]
    [InlineData(Contract.ToApis, "{\"error\":1,\"\\ud800\":1}")]
    [InlineData(Contract.ToApis, """{"code":1,"data":{"taskId":"x"}}""")]
    [InlineData(Contract.ApiMart, """{"code":"SUCCESS","data":[{"taskId":"x"}]}""")]
    public async Task An_answer_that_is_not_understood_is_never_called_unbilled(Contract contract, string answer)
    {
        await using var world = await World.StartAsync(contract);
        world.Server.Next(RequestKind.Post, [.. Enumerable.Repeat(Fault.StatusAfterAccepting(200, answer), 4)]);
        world.Server.Next(RequestKind.Get, [.. Enumerable.Repeat(Fault.Status(500), 4)]);
        var error = await Assert.ThrowsAsync<OmniException>(() => world.Client.SubmitAsync(Cat));
        Assert.Equal((OmniErrorKind.OutcomeUnknown, Charged.Unknown), (error.Kind, error.Charged));
        Assert.Equal(VideoTaskStatus.Unknown, Assert.Single(world.Client.List()).Status);
        Assert.Equal(OmniErrorKind.DuplicateRequest, (await Assert.ThrowsAsync<OmniException>(() => world.Client.SubmitAsync(Cat))).Kind);
    }

    [Fact]
    public async Task A_task_id_is_providers_text_and_one_that_cannot_be_shown_is_none()
    {
        await using var world = await World.StartAsync(Contract.ToApis);
        var answer = """{"id":"video_1\u001b[2J\u202e LONG","status":"queued"}""".Replace("LONG", new string('x', 100_000), StringComparison.Ordinal);
        world.Server.Next(RequestKind.Post, Fault.StatusAfterAccepting(200, answer));
        var error = await Assert.ThrowsAsync<OmniException>(() => world.Client.SubmitAsync(Cat with { RequestKey = "k1" }));
        Assert.Equal((OmniErrorKind.OutcomeUnknown, Charged.Unknown), (error.Kind, error.Charged));
        // Asked for by its key it has one.
        Assert.Equal(world.Server.Tasks.Single().Id, (await world.Client.GetAsync("k1")).Id);
        world.Server.Next(RequestKind.Get, Fault.Status(200, answer));
        Assert.Equal(OmniErrorKind.ProviderUnavailable, (await Assert.ThrowsAsync<OmniException>(() => world.Client.GetAsync("video_2", "toapis"))).Kind);
        Assert.Single(world.Client.List());
    }

    [Fact]
    public async Task A_200_with_an_id_and_an_error_is_kept_as_a_task_for_it_may_be_paid()
    {
        await using var world = await World.StartAsync(Contract.ToApis);
        world.Server.Next(RequestKind.Post, Fault.StatusAfterAccepting(200, """{"id":"video_LOOPBACK0001","status":"queued","error":{"code":402,"message":"no"}}"""));
        var task = await world.Client.SubmitAsync(Cat);
        Assert.Equal(("video_LOOPBACK0001", VideoTaskStatus.Queued), (task.Id, task.Status));
        Assert.Equal(VideoTaskStatus.InProgress, (await world.Client.GetAsync(task.Id!)).Status);
    }

    [Fact]
    public async Task A_time_or_a_price_beyond_all_sense_harms_nothing()
    {
        await using var world = await World.StartAsync(Contract.ToApis);
        world.Server.Next(RequestKind.Post, Fault.Status(200, """{"id":"v","status":"completed","completed_at":253402300000,"credits_cost":7e28}"""));
        Assert.Equal("v", (await world.Client.SubmitAsync(Cat)).Id);
        Assert.Equal(1, world.Client.Spend().Videos);
    }

    [Fact]
    public async Task A_404_that_is_not_the_providers_own_settles_nothing()
    {
        await using var world = await World.StartAsync(Contract.ToApis);
        world.Server.Next(RequestKind.Post, Fault.ResetAfterAccepting);
        world.Server.Next(RequestKind.Get, Fault.Status(404, "<html>gateway</html>"));
        var error = await Assert.ThrowsAsync<OmniException>(() => world.Client.SubmitAsync(Cat with { RequestKey = "k1" }));
        Assert.Equal(OmniErrorKind.OutcomeUnknown, error.Kind);
        Assert.Equal(world.Server.Tasks.Single().Id, (await world.Client.GetAsync("k1")).Id);
        Assert.Equal(1, world.Server.Creates);
    }

    [Theory, BothContracts]
    public async Task A_request_of_yesterday_that_is_sent_again_counts_against_the_limit_of_today(Contract contract)
    {
        await using var world = await World.StartAsync(contract, settings => settings with { MaxVideosPerDay = "1" });
        world.Server.Next(RequestKind.Post, [.. Enumerable.Repeat(Fault.ResetBeforeAccepting, 4)]);
        world.Server.Next(RequestKind.Get, [.. Enumerable.Repeat(Fault.Status(500), 4)]);
        await Assert.ThrowsAsync<OmniException>(() => world.Client.SubmitAsync(Cat with { RequestKey = "k1" }));
        world.Clock.Advance(TimeSpan.FromHours(22));
        await world.Client.SubmitAsync(Cat with { Prompt = "today's" });
        Assert.Equal(OmniErrorKind.LimitReached, (await Assert.ThrowsAsync<OmniException>(() => world.Client.SubmitAsync(Cat with { RequestKey = "k1" }))).Kind);
        Assert.Equal(1, world.Server.Creates);
    }

    [Fact]
    public async Task A_provider_that_may_have_forgotten_the_key_is_not_believed_that_there_is_no_task()
    {
        await using var world = await World.StartAsync(Contract.ToApis);
        world.Server.Next(RequestKind.Post, Fault.ResetBeforeAccepting);
        world.Server.Next(RequestKind.Get, [.. Enumerable.Repeat(Fault.Status(500), 4)]);
        await Assert.ThrowsAsync<OmniException>(() => world.Client.SubmitAsync(Cat with { RequestKey = "k1" }));
        world.Clock.Advance(TimeSpan.FromHours(25));
        Assert.Equal(VideoTaskStatus.Unknown, (await world.Client.GetAsync("k1")).Status);
        Assert.Equal(OmniErrorKind.OutcomeUnknown, (await Assert.ThrowsAsync<OmniException>(() => world.Client.SubmitAsync(Cat with { RequestKey = "k1" }))).Kind);
        Assert.Equal(0, world.Server.Creates);
    }

    [Fact]
    public async Task An_unknown_request_is_settled_when_its_task_is_asked_for_by_its_id()
    {
        await using var world = await World.StartAsync(Contract.ToApis);
        world.Server.Next(RequestKind.Post, Fault.ResetAfterAccepting);
        world.Server.Next(RequestKind.Get, [.. Enumerable.Repeat(Fault.Status(500), 4)]);
        await Assert.ThrowsAsync<OmniException>(() => world.Client.SubmitAsync(Cat with { RequestKey = "k1" }));
        var id = world.Server.Tasks.Single().Id;
        Assert.Equal("k1", (await world.Client.GetAsync(id, "toapis")).RequestKey);
        Assert.Equal((id, "a cat"), (Assert.Single(world.Client.List()).Id, world.Client.Find("k1")!.Prompt));
        Assert.Equal(id, (await world.Client.SubmitAsync(Cat with { RequestKey = "k1" })).Id);
        await world.Client.SubmitAsync(Cat);
        Assert.Equal(2, world.Server.Creates);
    }

    [Theory, BothContracts]
    public async Task Two_processes_with_the_same_key_buy_once_and_refuse_other_content(Contract contract)
    {
        await using var world = await World.StartAsync(contract);
        world.Server.HonoursKeys = false;
        await using var other = world.NewProcess();
        world.Server.Next(RequestKind.Post, Fault.HangAfterAccepting);
        var first = world.Client.SubmitAsync(Cat with { RequestKey = "k1" });
        await world.Server.WhenRequestAsync(request => request.IsSubmit);
        Assert.Equal(VideoTaskStatus.Submitting, (await other.SubmitAsync(Cat with { RequestKey = "k1" })).Status);
        Assert.Equal(OmniErrorKind.DuplicateRequest, (await Assert.ThrowsAsync<OmniException>(() => other.SubmitAsync(new() { Prompt = "a dog", RequestKey = "k1" }))).Kind);
        world.Server.Release();
        Assert.Equal((await first).Id, (await other.SubmitAsync(Cat with { RequestKey = "k1" })).Id);
        Assert.Equal(1, world.Server.Creates);
    }

    [Theory, BothContracts]
    public async Task A_plan_shows_the_exact_body_and_sends_and_records_nothing(Contract contract)
    {
        await using var world = await World.StartAsync(contract);
        var plan = world.Client.Plan(Cat with { RequestKey = "k1" });
        Assert.Empty(world.Server.Requests);
        Assert.Empty(world.Client.List());
        await world.Client.SubmitAsync(Cat with { RequestKey = "k1" });
        Assert.Equal(plan.Body, world.Server.Requests.Single().Body);
    }
}
