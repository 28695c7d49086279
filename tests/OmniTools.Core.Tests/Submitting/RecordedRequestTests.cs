using OmniTools.Configuration;
using OmniTools.Core.Tests.Tracking;
using OmniTools.Diagnostics;
using OmniTools.Errors;
using OmniTools.Ledger;
using OmniTools.Requests;
using OmniTools.Spending;
using OmniTools.Storage;
using OmniTools.VideoTasks;

namespace OmniTools.Core.Tests.Submitting;

/// <summary>What stands in the ledger of a submission: what was asked for, and each step of what came of it.</summary>
public sealed class RecordedRequestTests
{
    private static readonly VideoRequest Cat = new() { Prompt = "a cat", RequestKey = "k1" };

    [Theory]
    [InlineData(Contract.ToApis, "9:16", 10, "720p", "9:16", 10, "720P")]
    [InlineData(Contract.ToApis, null, null, null, "16:9", 6, "720P")]
    [InlineData(Contract.ApiMart, "9:16", null, null, "9:16", null, "720p")]
    [InlineData(Contract.ApiMart, null, null, null, "16:9", null, "720p")]
    public async Task A_task_shows_the_request_and_the_providers_defaults(
        Contract contract, string? ratio, int? duration, string? resolution, string? shownRatio, int? shownDuration,
        string? shownResolution)
    {
        await using var fixture = await ClientFixture.StartAsync(contract);
        var request = Cat with { AspectRatio = ratio, Duration = duration, Resolution = resolution };
        Assert.Equal(shownDuration, fixture.Client.PlanSubmission(request).Seconds);
        var given = await fixture.Client.SubmitAsync(request);
        foreach (var task in new[] { given, fixture.Client.ListTasks().Single(), fixture.Client.FindTask("k1")! })
            Assert.Equal(("a cat", shownRatio, shownDuration, shownResolution),
                (task.Prompt, task.AspectRatio, task.Duration, task.Resolution));
    }

    [Fact]
    public async Task A_request_that_the_catalog_does_not_know_is_recorded_as_given()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);
        var task = await fixture.Client.SubmitAsync(
            Cat with { Model = "new-model", AspectRatio = "4:3", Duration = 20, Resolution = "4k" });
        Assert.Equal(("4:3", 20, "4k"), (task.AspectRatio, task.Duration, task.Resolution));
        var plain = await fixture.Client.SubmitAsync(Cat with { Model = "new-model", RequestKey = "k2" });
        Assert.Equal(((string?)null, (int?)null, (string?)null), (plain.AspectRatio, plain.Duration, plain.Resolution));
    }

    [Fact]
    public async Task References_are_recorded_and_a_video_inside_the_request_only_by_its_head()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ApiMart);
        await fixture.Client.SubmitAsync(
            Cat with
            {
                Images = ["https://a.example/1.png"],
                Videos = ["data:video/mp4;base64," + new string('A', 4000)],
            });
        var earlier = fixture.Server.Tasks[0].Id;
        fixture.Server.Complete(earlier);
        await fixture.Client.SubmitAsync(Cat with { RequestKey = "k2", ExtendFrom = earlier });
        var (first, second) =
            ((await fixture.RecordAsync("k1")).Sent!.Request, (await fixture.RecordAsync("k2")).Sent!.Request);
        Assert.Equal(["https://a.example/1.png"], first.Images);
        Assert.InRange(Assert.Single(first.Videos).Length, 20, 100);
        Assert.Equal((null, earlier), (first.ExtendFrom, second.ExtendFrom));
        Assert.Equal((0, 0), (second.Images.Count, second.Videos.Count));
        var address = "https://a.example/" + new string('v', 200) + ".mp4";
        await fixture.Client.SubmitAsync(Cat with { RequestKey = "k3", Videos = [address] });
        Assert.Equal([address], (await fixture.RecordAsync("k3")).Sent!.Request.Videos);
    }

    [Fact]
    public async Task OnRecorded_IsCalledAfterTheIntentIsOnDiskAndBeforeAnythingIsSent()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);
        var told = new List<(string Key, VideoTaskStatus? Status, int Requests)>();
        var task = await fixture.Client.SubmitAsync(new() { Prompt = "a cat" },
            new()
            {
                OnRecorded = key => told.Add((key, fixture.Client.FindTask(key)?.Status,
                    fixture.Server.Requests.Count)),
            });
        Assert.Equal([(task.RequestKey, VideoTaskStatus.Submitting, 0)], told);
    }

    [Fact]
    public async Task The_recorded_price_is_that_of_the_catalog()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ApiMart);
        await fixture.SubmitCompletedAsync(Cat, credits: 12);

        var plan = fixture.Client.PlanSubmission(Cat with { RequestKey = "k2" });

        Assert.Equal((10m, 1m, 10m, PriceSource.PriceTable),
            (plan.EstimatedCredits, plan.EstimatedUsd, plan.ProviderCredits, plan.PriceSource));
        Assert.Equal(new DateOnly(2026, 5, 20), plan.PriceDate);
    }

    [Fact]
    public async Task The_estimate_without_a_catalog_price_is_the_highest_paid_for_a_like_request()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);
        var plan = fixture.Client.PlanSubmission(Cat with { RequestKey = "k9" });
        Assert.Equal((null, null, null, PriceSource.Unknown),
            (plan.EstimatedCredits, plan.EstimatedUsd, plan.ProviderCredits, plan.PriceSource));
        foreach (var (i, credits) in new[] { (1, 100m), (2, 120m), (3, 90m) })
            await fixture.SubmitCompletedAsync(Cat with { Prompt = $"cat {i}", RequestKey = $"p{i}" }, credits);
        await fixture.SubmitCompletedAsync(Cat with { Duration = 10, RequestKey = "p4" }, credits: 300);

        plan = fixture.Client.PlanSubmission(Cat with { RequestKey = "k9" });

        // ToAPIs: 200 credits are one US dollar; the limit's are ten.
        Assert.Equal((6m, 0.6m, 120m, PriceSource.PaidBefore),
            (plan.EstimatedCredits, plan.EstimatedUsd, plan.ProviderCredits, plan.PriceSource));
        Assert.Equal(15, fixture.Client.PlanSubmission(Cat with { Duration = 10, RequestKey = "k9" }).EstimatedCredits);
        Assert.Null(fixture.Client.PlanSubmission(Cat with { Model = "another", RequestKey = "k9" }).EstimatedCredits);
        Assert.Null(fixture.Client.PlanSubmission(
            Cat with { Model = "another", Images = ["https://a.example/1.png"], RequestKey = "k9" }).EstimatedCredits);
    }

    [Fact]
    public async Task The_recorded_model_is_the_configured_one()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);
        var configured = fixture.Settings.Providers[fixture.Server.ProviderId] with { Model = "configured" };
        await using var client = fixture.NewProcess(
            fixture.Settings with
            {
                Providers = new Dictionary<string, ProviderSettings> { [fixture.Server.ProviderId] = configured },
            });
        Assert.Equal(("configured", null, "named"),
            (client.PlanSubmission(Cat).Model, client.PlanSubmission(Cat).EstimatedCredits,
            client.PlanSubmission(Cat with { Model = " named " }).Model));
    }

    [Fact]
    public async Task A_failing_trace_listener_does_not_affect_a_submission()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);
        var heard = 0;
        using var trace =
            TraceSubscription.Start((_, _) => throw new IOException($"no space left for line {++heard}"));
        Assert.NotNull((await fixture.Client.SubmitAsync(Cat)).Id);
        Assert.Equal((LedgerState.Accepted, 1), ((await fixture.RecordAsync("k1")).State, fixture.Server.Creates));
        Assert.True(heard > 1);
    }

    [Fact]
    public async Task A_request_sent_again_after_a_refusal_says_so_and_is_listed_once()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);
        fixture.Server.Next(RequestKind.Post, Fault.Status(402, """{"error":{"code":402,"message":"no"}}"""));
        await Assert.ThrowsAsync<OmniException>(() => fixture.Client.SubmitAsync(Cat));
        Assert.Equal("no", fixture.Client.FindTask("k1")!.Error!.Message);
        await fixture.Client.SubmitAsync(Cat);
        Assert.Equal(["intended", "rejected", "intended", "accepted"],
            await fixture.EventsAsync());
        Assert.Equal(2, (await fixture.RecordAsync("k1")).Attempt);
        Assert.Equal(VideoTaskStatus.Queued, Assert.Single(fixture.Client.ListTasks()).Status);
    }

    [Theory]
    [InlineData(false, "accepted")]
    [InlineData(true, "unknown")]
    public async Task A_replay_of_an_unknown_request_keeps_the_time_of_its_first_attempt_and_settles_it(bool isRefused,
    string end)
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ApiMart);
        fixture.Server.Next(RequestKind.Post, [.. Enumerable.Repeat(Fault.ResetAfterAccepting, 4)]);
        await Assert.ThrowsAsync<OmniException>(() => fixture.Client.SubmitAsync(Cat));
        var first = (await fixture.RecordAsync("k1")).FirstSentAt;
        fixture.Clock.Advance(TimeSpan.FromHours(1));
        if (isRefused)
            fixture.Server.Next(RequestKind.Post, Fault.Status(402, """{"error":{"code":402,"message":"no"}}"""));
        var failure = await Record.ExceptionAsync(() => fixture.Client.SubmitAsync(Cat));
        Assert.Equal(isRefused ? OmniErrorKind.OutcomeUnknown : null, (failure as OmniException)?.Kind);
        Assert.Equal(["intended", "unknown", "intended", end], await fixture.EventsAsync());
        Assert.Equal((2, first),
            (await fixture.RecordAsync("k1")) is var record ? (record.Attempt, record.FirstSentAt) : default);
        Assert.Equal(1, fixture.Server.Creates);
    }

    [Fact]
    public async Task A_request_that_was_never_accepted_becomes_an_unbilled_failure_after_the_read_delay()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);
        fixture.Server.Next(RequestKind.Post, [.. Enumerable.Repeat(Fault.ResetBeforeAccepting, 4)]);
        var error = await Assert.ThrowsAsync<OmniException>(() => fixture.Client.SubmitAsync(Cat));
        Assert.Equal((OmniErrorKind.OutcomeUnknown, Charged.Unknown, true, "k1"),
            (error.Kind, error.Charged, error.WasSent, error.RequestKey));
        Assert.Equal(VideoTaskStatus.Unknown, (await fixture.Client.GetTaskAsync("k1")).Status);
        fixture.Clock.Advance(LedgerConstants.ReadDelay);
        var task = await fixture.Client.GetTaskAsync("k1");
        Assert.Equal((VideoTaskStatus.Failed, Charged.No), (task.Status, task.Error!.Charged));
        Assert.Contains("never accepted", task.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_acceptance_of_the_last_attempt_is_found_by_a_lookup()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);
        fixture.Server.Next(RequestKind.Post,
            [.. Enumerable.Repeat(Fault.ResetBeforeAccepting, 3), Fault.ResetAfterAccepting]);
        var task = await fixture.Client.SubmitAsync(Cat);
        Assert.Equal(fixture.Server.Tasks.Single().Id, task.Id);
    }

    [Fact]
    public async Task A_submission_that_cannot_be_recorded_reports_the_task_id_and_that_it_was_billed()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);
        FailingLedger? ledger = null;
        await using var client = new OmniClient(fixture.Settings, TestSettings.Options with
        {
            TimeProvider = fixture.Clock,
            LedgerFactory = (settings, timeProvider) =>
                ledger = new(LedgerStores.Open(settings, timeProvider)) { IsFailing = false },
        });
        var error = await Assert.ThrowsAsync<OmniException>(
            () => client.SubmitAsync(Cat, new() { OnRecorded = _ => ledger!.IsFailing = true }));
        Assert.Equal((OmniErrorKind.LedgerUnavailable, Charged.Yes, true, "k1"),
            (error.Kind, error.Charged, error.WasSent, error.RequestKey));
        Assert.Equal(fixture.Server.Tasks.Single().Id, error.TaskId);
        Assert.DoesNotContain("Field", error.Message, StringComparison.Ordinal);
        // Nothing lost: without a record it is unknown, and is settled by its key.
        Assert.Equal(VideoTaskStatus.Unknown, fixture.Client.FindTask("k1")!.Status);
        Assert.Equal(fixture.Server.Tasks.Single().Id, (await fixture.Client.SubmitAsync(Cat)).Id);
        Assert.Equal(1, fixture.Server.Creates);
    }

    [Fact]
    public async Task A_refusal_that_cannot_be_recorded_is_still_reported()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);
        fixture.Server.Next(RequestKind.Post, Fault.Status(402, """{"error":{"code":402,"message":"no"}}"""));
        FailingLedger? ledger = null;
        await using var client = new OmniClient(fixture.Settings, TestSettings.Options with
        {
            TimeProvider = fixture.Clock,
            LedgerFactory = (settings, timeProvider) =>
                ledger = new(LedgerStores.Open(settings, timeProvider)) { IsFailing = false },
        });
        var error = await Assert.ThrowsAsync<OmniException>(
            () => client.SubmitAsync(Cat, new() { OnRecorded = _ => ledger!.IsFailing = true }));
        Assert.Equal((OmniErrorKind.InsufficientBalance, Charged.No, true), (error.Kind, error.Charged, error.WasSent));
        Assert.Equal(VideoTaskStatus.Unknown, client.FindTask("k1")!.Status);
    }
}
