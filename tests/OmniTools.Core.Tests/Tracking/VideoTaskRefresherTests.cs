using OmniTools.Errors;
using OmniTools.Providers;
using OmniTools.VideoTasks;

namespace OmniTools.Core.Tests.Tracking;

/// <summary>What is asked of providers, what is made of their answers, and what of it the ledger keeps.</summary>
public sealed class VideoTaskRefresherTests : VideoTaskRefresherFixture
{
    public static TheoryData<string> Changes =>
        ["status", "raw_status", "credits", "completed_at", "error", "url", "one video more"];

    [Fact]
    public async Task GetAsync_WhatAProviderLeavesOut_StaysAsItWas()
    {
        await AcceptAsync();
        Check(Report, await refresher.GetAsync(" id-1 ", ToApis, Stop));
        answer = new() { Id = "id-1", Status = VideoTaskStatus.InProgress };
        Check(Report with { RawStatus = null }, await refresher.GetAsync("k1", null, Stop));
        Check(Report with { RawStatus = null }, await FindAsync("k1"));

        static void Check(VideoTaskReport expected, VideoTask task) => Assert.Equal(
            (expected.Id, expected.Model, expected.Status, expected.RawStatus, expected.Progress, expected.CompletedAt,
            expected.EstimatedSeconds, expected.Cost, expected.Credits, expected.Videos.Single().Url),
            (task.Id, task.Model, task.Status, task.RawStatus, task.Progress, task.CompletedAt, task.EstimatedSeconds,
            task.Cost, task.Credits, task.Videos.Single().Url));
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task GetAsync_EachChange_IsRecordedAndTheSameAnswerAgainIsNot(string change)
    {
        await AcceptAsync();
        await refresher.GetAsync("id-1", null, Stop);
        Assert.Equal(["intended", "accepted", "status"], await EventsAsync());
        answer = answer with { Progress = 60 };
        Assert.Equal(60, (await refresher.GetAsync("id-1", null, Stop)).Progress);
        Assert.Equal(3, (await EventsAsync()).Count);
        answer = change switch
        {
            "status" => answer with { Status = VideoTaskStatus.Queued },
            "raw_status" => answer with { RawStatus = "still running" },
            "credits" => answer with { Credits = 11 },
            "completed_at" => answer with { CompletedAt = Noon.AddSeconds(1) },
            "error" => answer with
            {
                Error = new()
                {
                    Kind = OmniErrorKind.TaskFailed,
                    Message = "No.",
                    Charged = Charged.Unknown,
                }
            },
            "url" => answer with { Videos = [new() { Url = "https://a.example/1.mp4?fresh" }] },
            _ => answer with { Videos = [.. answer.Videos, new() { Url = "https://a.example/2.mp4" }] },
        };
        for (var i = 0; i < 2; i++)
            await refresher.GetAsync("id-1", null, Stop);
        Assert.Equal(4, (await EventsAsync()).Count);
    }

    [Fact]
    public async Task GetAsync_AcceptedTask_KeepsTheIdItWasAcceptedUnder()
    {
        await AcceptAsync();
        answer = Report with { Id = "4711" };
        Assert.Equal("id-1", (await refresher.GetAsync("id-1", null, Stop)).Id);
        Assert.Equal("id-1", (await refresher.GetAsync("k1", null, Stop)).Id);
        Assert.Equal(["id-1", "id-1"], ids);
        Assert.Equal("id-1", (await ListAsync()).Single().Id);
        Assert.Null(await ledger.FindAsync("4711", null, Stop));
    }

    [Fact]
    public async Task GetAsync_CompletedTaskWhoseVideoIsGiven_StaysCompletedWhenItIsNoLongerGiven()
    {
        await AcceptAsync();
        answer = Report with { Status = VideoTaskStatus.Completed };
        await refresher.GetAsync("id-1", null, Stop);
        answer = Report with { Status = VideoTaskStatus.Failed, Videos = [], Error = ProviderErrors.NoVideo };
        foreach (var task in new[] { await refresher.GetAsync("id-1", null, Stop), await FindAsync("id-1") })
            Assert.Equal((VideoTaskStatus.Completed, Charged.Yes, 1), (task.Status, task.Charged, task.Videos.Count));
    }

    [Fact]
    public async Task GetAsync_EmptyOrUnknownHandle_IsRefusedWithWhatToDo()
    {
        var empty = await Assert.ThrowsAsync<OmniException>(() => refresher.GetAsync(" ", ToApis, Stop));
        Assert.Equal((OmniErrorKind.InvalidRequest, "task_id", "an empty text"),
            (empty.Kind, empty.Field, empty.Received));
        var unknown = await Assert.ThrowsAsync<OmniException>(() => refresher.GetAsync("id-9", null, Stop));
        Assert.Equal((OmniErrorKind.NotFound, "task_id", "id-9"), (unknown.Kind, unknown.Field, unknown.Received));
        Assert.Contains("toapis, apimart", unknown.NextStep, StringComparison.Ordinal);
        Assert.Empty(ids);
    }

    [Fact]
    public async Task FollowAsync_TaskThatHasEnded_IsNotAskedFor_AndAnOutcomeThatAskingCannotSettleEndsTheWait()
    {
        await AcceptAsync();
        var task = await FindAsync("k1");
        Assert.Equal(VideoTaskStatus.InProgress, (await refresher.FollowAsync(task, Stop)).Status);
        answer = Report with { Status = VideoTaskStatus.Completed };
        Assert.Equal(VideoTaskStatus.Completed, (await refresher.FollowAsync(task, Stop)).Status);
        Assert.Equal(VideoTaskStatus.Completed, (await refresher.FollowAsync(task, Stop)).Status);
        Assert.Equal(2, ids.Count);
        Assert.Equal("id-1", (await refresher.FollowAsync(task with { Provider = "apimart" }, Stop)).Id);

        await AbandonAsync("k9", "apimart");
        var unknown = await FindAsync("k9");
        var error = await Assert.ThrowsAsync<OmniException>(() => refresher.FollowAsync(unknown, Stop));
        Assert.Equal((OmniErrorKind.OutcomeUnknown, "apimart", "k9", true, Charged.Unknown),
            (error.Kind, error.Provider, error.RequestKey, error.WasSent, error.Charged));
        Assert.Contains("'k9'", error.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetAsync_AnswerThatCannotBeRecorded_IsStillAnAnswer()
    {
        await AcceptAsync();
        await ledger.DisposeAsync();
        answer = Report;
        var failing = new OmniTools.Tracking.VideoTaskRefresher(new FailingLedger(ledger),
            spec => new Submitting.FakeProvider(OmniTools.Core.Tests.TestProviders.Unreachable(spec.Id, Noon))
            {
                Get = _ => answer,
            });
        Assert.Equal(50, (await failing.GetAsync("id-1", null, Stop)).Progress);
        Assert.Equal("id-9", (answer = Report with { Id = "id-9" }).Id);
        Assert.Equal("id-9", (await failing.GetAsync("id-9", ToApis, Stop)).Id);
        Assert.Equal(2, (await EventsAsync()).Count);
    }
}
