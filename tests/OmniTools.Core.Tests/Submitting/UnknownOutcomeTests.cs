using OmniTools.Diagnostics;
using OmniTools.Errors;
using OmniTools.Requests;
using OmniTools.VideoTasks;

namespace OmniTools.Core.Tests.Submitting;

/// <summary>Requests whose outcome nobody knows: settled without a second clip, or said to be in doubt.</summary>
public sealed class UnknownOutcomeTests
{
    private static readonly VideoRequest Cat = new() { Prompt = "a cat" };

    [Theory, BothContracts]
    public async Task A_lost_response_is_settled_within_the_same_submission(Contract contract)
    {
        await using var fixture = await ClientFixture.StartAsync(contract);
        fixture.Server.Next(RequestKind.Post, Fault.ResetAfterAccepting);
        var task = await fixture.Client.SubmitAsync(Cat);
        Assert.Equal(fixture.Server.Tasks.Single().Id, task.Id);
        Assert.Equal(1, fixture.Server.Creates);
    }

    [Fact]
    public async Task A_lost_response_of_ToAPIs_is_settled_by_a_lookup_without_a_second_post()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);
        fixture.Server.Next(RequestKind.Post, Fault.ResetAfterAccepting);
        await fixture.Client.SubmitAsync(Cat);
        Assert.Single(fixture.Server.Requests, request => request.IsSubmit);
    }

    [Fact]
    public async Task A_lost_response_of_APIMart_is_settled_by_a_replay_of_the_same_bytes()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ApiMart);
        fixture.Server.Next(RequestKind.Post, Fault.ResetAfterAccepting, Fault.StatusAfterAccepting(502));
        await fixture.Client.SubmitAsync(Cat);
        var posts = fixture.Server.Requests.Where(request => request.IsSubmit).ToList();
        Assert.Equal(3, posts.Count);
        Assert.Single(posts.Select(post => (post.Body, post.Headers["Idempotency-Key"])).Distinct());
    }

    [Theory, BothContracts]
    public async Task An_unsettled_request_is_reported_unknown_with_the_next_step_by_list_and_get(
    Contract contract)
    {
        await using var fixture = await ClientFixture.StartAsync(contract);
        fixture.Server.Next(RequestKind.Post, [.. Enumerable.Repeat(Fault.ResetAfterAccepting, 4)]);
        fixture.Server.Next(RequestKind.Get, [.. Enumerable.Repeat(Fault.Status(500), 4)]);
        var error =
            await Assert.ThrowsAsync<OmniException>(() => fixture.Client.SubmitAsync(Cat with { RequestKey = "k1" }));
        Assert.Equal((OmniErrorKind.OutcomeUnknown, Charged.Unknown, "k1"),
            (error.Kind, error.Charged, error.RequestKey));
        Assert.Contains("may have been billed", error.Message, StringComparison.Ordinal);
        Assert.Contains("'k1'", error.NextStep, StringComparison.Ordinal);
        var listed = Assert.Single(fixture.Client.ListTasks());
        Assert.Equal((VideoTaskStatus.Unknown, (string?)null, "k1"), (listed.Status, listed.Id, listed.RequestKey));

        // ToAPIs can be asked; at APIMart asking must not buy, so the same request settles it.
        var asked = await fixture.Client.GetTaskAsync("k1");
        Assert.Equal(contract == Contract.ToApis ? VideoTaskStatus.Queued : VideoTaskStatus.Unknown,
            asked.Status == VideoTaskStatus.InProgress ? VideoTaskStatus.Queued : asked.Status);
        var settled = await fixture.Client.SubmitAsync(Cat with { RequestKey = "k1" });
        Assert.Equal(fixture.Server.Tasks.Single().Id, settled.Id);
        Assert.Equal(settled.Id, Assert.Single(fixture.Client.ListTasks()).Id);
    }

    [Theory, BothContracts]
    public async Task A_duplicate_of_an_unknown_request_is_refused_unless_it_is_allowed(Contract contract)
    {
        await using var fixture = await ClientFixture.StartAsync(contract);
        fixture.Server.Next(RequestKind.Post, [.. Enumerable.Repeat(Fault.ResetAfterAccepting, 4)]);
        fixture.Server.Next(RequestKind.Get, [.. Enumerable.Repeat(Fault.Status(500), 4)]);
        await Assert.ThrowsAsync<OmniException>(() => fixture.Client.SubmitAsync(Cat));
        var twin = await Assert.ThrowsAsync<OmniException>(() => fixture.Client.SubmitAsync(Cat));
        Assert.Equal((OmniErrorKind.DuplicateRequest, Charged.Unknown, false), (twin.Kind, twin.Charged, twin.WasSent));
        Assert.Equal(1, fixture.Server.Creates);
        await fixture.Client.SubmitAsync(Cat with { RequestKey = "meant" });
        await fixture.Client.SubmitAsync(Cat, new() { AllowDuplicate = true });
        Assert.Equal(3, fixture.Server.Creates);
    }

    [Theory, BothContracts]
    public async Task A_submission_cancelled_before_its_response_is_unknown_and_settled_later(Contract contract)
    {
        await using var fixture = await ClientFixture.StartAsync(contract);
        fixture.Server.Next(RequestKind.Post, Fault.HangAfterAccepting);
        using var stop = new CancellationTokenSource();
        var submitting = fixture.Client.SubmitAsync(Cat with { RequestKey = "k1" }, cancellationToken: stop.Token);
        await fixture.Server.WhenRequestAsync(request => request.IsSubmit);
        Assert.Equal(VideoTaskStatus.Submitting, fixture.Client.FindTask("k1")!.Status);
        await stop.CancelAsync();
        var error = await Assert.ThrowsAsync<OmniException>(() => submitting);
        Assert.Equal(OmniErrorKind.OutcomeUnknown, error.Kind);
        await using var later = fixture.NewProcess();
        var lines = new List<string>();
        using var trace = TraceSubscription.Start((_, line) => lines.Add(line));
        Assert.Equal(fixture.Server.Tasks.Single().Id, (await later.SubmitAsync(Cat with { RequestKey = "k1" })).Id);
        Assert.Equal(1, fixture.Server.Creates);
        Assert.Equal(contract == Contract.ToApis, lines.Contains("Settling request key k1 at toapis"));
    }

    [Fact]
    public async Task A_replay_that_comes_a_day_late_is_refused_because_the_key_may_be_forgotten()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ApiMart);
        fixture.Server.Next(RequestKind.Post, [.. Enumerable.Repeat(Fault.ResetAfterAccepting, 4)]);
        await Assert.ThrowsAsync<OmniException>(() => fixture.Client.SubmitAsync(Cat with { RequestKey = "k1" }));
        fixture.Clock.Advance(TimeSpan.FromHours(25));
        var error =
            await Assert.ThrowsAsync<OmniException>(() => fixture.Client.SubmitAsync(Cat with { RequestKey = "k1" }));
        Assert.Equal((OmniErrorKind.OutcomeUnknown, Charged.Unknown), (error.Kind, error.Charged));
        Assert.Equal(4, fixture.Server.Requests.Count);
    }

    [Fact]
    public async Task A_task_of_which_the_ledger_cannot_say_may_have_been_billed()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);
        await fixture.Client.SubmitAsync(Cat with { RequestKey = "k1" });
        var file = fixture.Server.Folder["no-folder"];
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        await using var client = fixture.NewProcess(fixture.Settings with { Home = file });
        var error = await Assert.ThrowsAsync<OmniException>(() => client.GetTaskAsync("k1"));
        Assert.Equal((OmniErrorKind.LedgerUnavailable, Charged.Unknown, true),
            (error.Kind, error.Charged, error.WasFree));
    }

    [Fact]
    public async Task A_404_of_a_gateway_settles_no_unknown_outcome()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);
        fixture.Server.Next(RequestKind.Post, Fault.ResetAfterAccepting);
        fixture.Server.Next(RequestKind.Get, Fault.Status(404, "<html>gateway</html>"));
        var error =
            await Assert.ThrowsAsync<OmniException>(() => fixture.Client.SubmitAsync(Cat with { RequestKey = "k1" }));
        Assert.Equal(OmniErrorKind.OutcomeUnknown, error.Kind);
        Assert.Equal(fixture.Server.Tasks.Single().Id, (await fixture.Client.GetTaskAsync("k1")).Id);
        Assert.Equal(1, fixture.Server.Creates);
    }

    [Theory, BothContracts]
    public async Task A_request_of_yesterday_that_is_sent_again_counts_against_the_limit_of_today(Contract contract)
    {
        await using var fixture =
            await ClientFixture.StartAsync(contract, settings => settings with { MaxVideosPerDay = "1" });
        fixture.Server.Next(RequestKind.Post, [.. Enumerable.Repeat(Fault.ResetBeforeAccepting, 4)]);
        fixture.Server.Next(RequestKind.Get, [.. Enumerable.Repeat(Fault.Status(500), 4)]);
        await Assert.ThrowsAsync<OmniException>(() => fixture.Client.SubmitAsync(Cat with { RequestKey = "k1" }));
        fixture.Clock.Advance(TimeSpan.FromHours(22));
        await fixture.Client.SubmitAsync(Cat with { Prompt = "today's" });
        var error =
            await Assert.ThrowsAsync<OmniException>(() => fixture.Client.SubmitAsync(Cat with { RequestKey = "k1" }));
        // The call sends nothing; yesterday's clip may have been billed all the same, unless its provider could be
        // asked.
        Assert.Equal((OmniErrorKind.LimitReached, contract == Contract.ToApis ? Charged.No : Charged.Unknown),
            (error.Kind, error.Charged));
        Assert.Equal(contract == Contract.ApiMart,
            error.Message.Contains("the clip itself may have been billed", StringComparison.Ordinal));
        Assert.Equal(1, fixture.Server.Creates);
    }

    [Fact]
    public async Task A_404_after_the_keys_lifetime_settles_no_unknown_outcome()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);
        fixture.Server.Next(RequestKind.Post, Fault.ResetBeforeAccepting);
        fixture.Server.Next(RequestKind.Get, [.. Enumerable.Repeat(Fault.Status(500), 4)]);
        await Assert.ThrowsAsync<OmniException>(() => fixture.Client.SubmitAsync(Cat with { RequestKey = "k1" }));
        fixture.Clock.Advance(TimeSpan.FromHours(25));
        Assert.Equal(VideoTaskStatus.Unknown, (await fixture.Client.GetTaskAsync("k1")).Status);
        Assert.Equal(OmniErrorKind.OutcomeUnknown,
            (await Assert.ThrowsAsync<OmniException>(
            () => fixture.Client.SubmitAsync(Cat with { RequestKey = "k1" }))).Kind);
        Assert.Equal(0, fixture.Server.Creates);
    }

    [Fact]
    public async Task An_unknown_request_is_settled_when_its_task_is_asked_for_by_its_id()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);
        fixture.Server.Next(RequestKind.Post, Fault.ResetAfterAccepting);
        fixture.Server.Next(RequestKind.Get, [.. Enumerable.Repeat(Fault.Status(500), 4)]);
        await Assert.ThrowsAsync<OmniException>(() => fixture.Client.SubmitAsync(Cat with { RequestKey = "k1" }));
        var id = fixture.Server.Tasks.Single().Id;
        Assert.Equal("k1", (await fixture.Client.GetTaskAsync(id, "toapis")).RequestKey);
        Assert.Equal((id, "a cat"),
            (Assert.Single(fixture.Client.ListTasks()).Id, fixture.Client.FindTask("k1")!.Prompt));
        Assert.Equal(id, (await fixture.Client.SubmitAsync(Cat with { RequestKey = "k1" })).Id);
        await fixture.Client.SubmitAsync(Cat);
        Assert.Equal(2, fixture.Server.Creates);
    }
}
