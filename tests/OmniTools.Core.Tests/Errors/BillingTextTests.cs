using OmniTools.Core.Tests.Saving;
using OmniTools.Core.Tests.Submitting;
using OmniTools.Errors;
using OmniTools.VideoTasks;

namespace OmniTools.Core.Tests.Errors;

/// <summary>
/// An error about a clip that was asked for before says what that clip is, or may be, billed for: never that nothing
/// was.
/// </summary>
public sealed class BillingTextTests
{
    private const string Billed = "This call cost nothing; the clip itself was billed.";
    private const string MayBeBilled = "This call cost nothing; the clip itself may have been billed.";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_task_that_cannot_be_asked_for_may_have_been_billed()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);
        var task = await fixture.Client.SubmitAsync(new() { Prompt = "a cat" }, cancellationToken: Stop);
        fixture.Server.Next(RequestKind.Get, Fault.Status(500), Fault.Status(500), Fault.Status(500),
            Fault.Status(500));
        var refused = await Assert.ThrowsAsync<OmniException>(
            () => fixture.Client.GetTaskAsync(task.Id!, cancellationToken: Stop));
        Assert.Equal((OmniErrorKind.ProviderUnavailable, Charged.Unknown, task.Id, task.RequestKey),
            (refused.Kind, refused.Charged, refused.TaskId, refused.RequestKey));
        Assert.Contains(MayBeBilled, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_of_unknown_outcome_that_cannot_be_settled_may_have_been_billed()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);
        fixture.Server.Next(RequestKind.Post, Fault.ResetAfterAccepting);
        fixture.Server.Next(RequestKind.Get, [.. Enumerable.Repeat(Fault.Status(500), 8)]);
        await Assert.ThrowsAsync<OmniException>(
            () => fixture.Client.SubmitAsync(new() { Prompt = "a cat", RequestKey = "k1" }, cancellationToken: Stop));
        var refused =
            await Assert.ThrowsAsync<OmniException>(() => fixture.Client.GetTaskAsync("k1", cancellationToken: Stop));
        Assert.Equal((OmniErrorKind.ProviderUnavailable, Charged.Unknown, "k1"),
            (refused.Kind, refused.Charged, refused.RequestKey));
        Assert.Contains(MayBeBilled, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_made_elsewhere_may_have_been_billed_unless_the_provider_does_not_know_it()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ApiMart);
        fixture.Server.Next(RequestKind.Get, Fault.Status(500), Fault.Status(500), Fault.Status(500),
            Fault.Status(500));
        var refused =
            await Assert.ThrowsAsync<OmniException>(() => fixture.Client.GetTaskAsync("task_other", "apimart", Stop));
        Assert.Contains(MayBeBilled, refused.Message, StringComparison.Ordinal);
        var missing =
            await Assert.ThrowsAsync<OmniException>(() => fixture.Client.GetTaskAsync("task_other", "apimart", Stop));
        Assert.Equal((OmniErrorKind.NotFound, Charged.No), (missing.Kind, missing.Charged));
    }

    [Fact]
    public async Task A_task_that_a_wait_cannot_follow_may_have_been_billed()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ApiMart);
        var task = await fixture.Client.SubmitAsync(new() { Prompt = "a cat" }, cancellationToken: Stop);
        fixture.Server.Next(RequestKind.Get, Fault.Status(401));
        await using var wait = fixture.Client.StartWaiting();
        wait.Add(task);
        wait.CompleteAdding();
        var failures = new List<OmniException>();
        await foreach (var change in wait.ReadAllAsync(Stop))
        {
            if (change.Failure is { } failure)
                failures.Add(failure);
        }
        Assert.Equal(OmniErrorKind.Authentication, Assert.Single(failures).Kind);
        Assert.Contains(MayBeBilled, failures[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_save_of_a_running_task_may_have_been_billed()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var refused = await fixture.RefusedAsync(
            await fixture.Client.SubmitAsync(new() { Prompt = "a cat" }, cancellationToken: Stop));
        Assert.Equal((OmniErrorKind.InvalidRequest, Charged.Unknown), (refused.Kind, refused.Charged));
        Assert.Contains(MayBeBilled, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_result_that_has_expired_was_billed_and_the_error_names_the_clip()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync([], "a cat in the rain");
        fixture.Server.Withdraw(task.Id + ".mp4");
        fixture.Clock.Advance(TimeSpan.FromDays(400));
        var refused = await fixture.RefusedAsync(task);
        Assert.Equal((OmniErrorKind.ResultExpired, Charged.Yes, task.Id),
            (refused.Kind, refused.Charged, refused.TaskId));
        Assert.Contains(Billed, refused.Message, StringComparison.Ordinal);
        Assert.Contains(task.Id!, refused.Message, StringComparison.Ordinal);
        Assert.Contains("a cat in the rain", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("stays at the provider", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_save_under_an_impossible_file_name_was_billed()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync();
        var refused = await fixture.RefusedAsync(task, fixture.Options with { Template = "{nonsense}.mp4" });
        Assert.Equal((OmniErrorKind.InvalidRequest, Charged.Yes, task.Id),
            (refused.Kind, refused.Charged, refused.TaskId));
    }

    [Fact]
    public async Task An_error_of_a_save_says_how_long_the_provider_keeps_the_video()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync();
        fixture.Server.Next(RequestKind.File, Fault.HtmlInsteadOfMp4);
        Assert.Contains("stays at the provider until", (await fixture.RefusedAsync(task)).Message,
            StringComparison.Ordinal);
        fixture.Clock.Advance(TimeSpan.FromDays(400));
        fixture.Server.Next(RequestKind.File, Fault.HtmlInsteadOfMp4);
        Assert.DoesNotContain("stays at the provider until", (await fixture.RefusedAsync(task)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(VideoTaskStatus.Completed, null, Charged.Yes)]
    [InlineData(VideoTaskStatus.Failed, Charged.No, Charged.No)]
    [InlineData(VideoTaskStatus.Failed, Charged.Unknown, Charged.Unknown)]
    [InlineData(VideoTaskStatus.Failed, null, Charged.Unknown)]
    [InlineData(VideoTaskStatus.Cancelled, null, Charged.Unknown)]
    [InlineData(VideoTaskStatus.InProgress, null, Charged.Unknown)]
    [InlineData(VideoTaskStatus.Unknown, Charged.Unknown, Charged.Unknown)]
    public void A_task_shows_whether_it_was_billed(VideoTaskStatus status, Charged? told, Charged charged) =>
        Assert.Equal(charged, new VideoTask
        {
            RequestKey = "k",
            Provider = "toapis",
            Status = status,
            CreatedAt = default,
            Error =
                told is { } billed ? new() { Kind = OmniErrorKind.TaskFailed, Message = "m", Charged = billed } : null,
        }.Charged);
}
