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
        await using var world = await ClientFixture.StartAsync(Contract.ToApis);
        var task = await world.Client.SubmitAsync(new() { Prompt = "a cat" }, cancellationToken: Stop);
        world.Server.Next(RequestKind.Get, Fault.Status(500), Fault.Status(500), Fault.Status(500), Fault.Status(500));
        var refused = await Assert.ThrowsAsync<OmniException>(
            () => world.Client.GetTaskAsync(task.Id!, cancellationToken: Stop));
        Assert.Equal((OmniErrorKind.ProviderUnavailable, Charged.Unknown, task.Id, task.RequestKey),
            (refused.Kind, refused.Charged, refused.TaskId, refused.RequestKey));
        Assert.Contains(MayBeBilled, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_of_unknown_outcome_that_cannot_be_settled_may_have_been_billed()
    {
        await using var world = await ClientFixture.StartAsync(Contract.ToApis);
        world.Server.Next(RequestKind.Post, Fault.ResetAfterAccepting);
        world.Server.Next(RequestKind.Get, [.. Enumerable.Repeat(Fault.Status(500), 8)]);
        await Assert.ThrowsAsync<OmniException>(
            () => world.Client.SubmitAsync(new() { Prompt = "a cat", RequestKey = "k1" }, cancellationToken: Stop));
        var refused =
            await Assert.ThrowsAsync<OmniException>(() => world.Client.GetTaskAsync("k1", cancellationToken: Stop));
        Assert.Equal((OmniErrorKind.ProviderUnavailable, Charged.Unknown, "k1"),
            (refused.Kind, refused.Charged, refused.RequestKey));
        Assert.Contains(MayBeBilled, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_made_elsewhere_may_have_been_billed_unless_the_provider_does_not_know_it()
    {
        await using var world = await ClientFixture.StartAsync(Contract.ApiMart);
        world.Server.Next(RequestKind.Get, Fault.Status(500), Fault.Status(500), Fault.Status(500), Fault.Status(500));
        var refused =
            await Assert.ThrowsAsync<OmniException>(() => world.Client.GetTaskAsync("task_other", "apimart", Stop));
        Assert.Contains(MayBeBilled, refused.Message, StringComparison.Ordinal);
        var missing =
            await Assert.ThrowsAsync<OmniException>(() => world.Client.GetTaskAsync("task_other", "apimart", Stop));
        Assert.Equal((OmniErrorKind.NotFound, Charged.No), (missing.Kind, missing.Charged));
    }

    [Fact]
    public async Task A_task_that_a_wait_cannot_follow_may_have_been_billed()
    {
        await using var world = await ClientFixture.StartAsync(Contract.ApiMart);
        var task = await world.Client.SubmitAsync(new() { Prompt = "a cat" }, cancellationToken: Stop);
        world.Server.Next(RequestKind.Get, Fault.Status(401));
        await using var wait = world.Client.StartWaiting();
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
        await using var desk = await SavingFixture.StartAsync();
        var refused = await desk.RefusedAsync(
            await desk.Client.SubmitAsync(new() { Prompt = "a cat" }, cancellationToken: Stop));
        Assert.Equal((OmniErrorKind.InvalidRequest, Charged.Unknown), (refused.Kind, refused.Charged));
        Assert.Contains(MayBeBilled, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_result_that_has_expired_was_billed_and_the_error_names_the_clip()
    {
        await using var desk = await SavingFixture.StartAsync();
        var task = await desk.CompletedAsync([], "a cat in the rain");
        desk.Server.Withdraw(task.Id + ".mp4");
        desk.Clock.Advance(TimeSpan.FromDays(400));
        var refused = await desk.RefusedAsync(task);
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
        await using var desk = await SavingFixture.StartAsync();
        var task = await desk.CompletedAsync();
        var refused = await desk.RefusedAsync(task, desk.Options with { Template = "{nonsense}.mp4" });
        Assert.Equal((OmniErrorKind.InvalidRequest, Charged.Yes, task.Id),
            (refused.Kind, refused.Charged, refused.TaskId));
    }

    [Fact]
    public async Task An_error_of_a_save_says_how_long_the_provider_keeps_the_video()
    {
        await using var desk = await SavingFixture.StartAsync();
        var task = await desk.CompletedAsync();
        desk.Server.Next(RequestKind.File, Fault.HtmlInsteadOfMp4);
        Assert.Contains("stays at the provider until", (await desk.RefusedAsync(task)).Message,
            StringComparison.Ordinal);
        desk.Clock.Advance(TimeSpan.FromDays(400));
        desk.Server.Next(RequestKind.File, Fault.HtmlInsteadOfMp4);
        Assert.DoesNotContain("stays at the provider until", (await desk.RefusedAsync(task)).Message,
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
