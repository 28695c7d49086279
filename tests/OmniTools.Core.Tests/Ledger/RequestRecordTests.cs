using OmniTools.Errors;
using OmniTools.Ledger;
using OmniTools.Providers;
using OmniTools.VideoTasks;

namespace OmniTools.Core.Tests.Ledger;

/// <summary>What each event makes of a request.</summary>
public sealed class RequestRecordTests
{
    private static readonly VideoTaskError No = new()
    {
        Kind = OmniErrorKind.TaskFailed,
        Code = "c",
        Message = "No.",
        Charged = Charged.Unknown,
    };

    private static readonly RequestRecord Intent = RequestRecord.Intend(
        new()
        {
            RequestKey = "k1",
            Provider = "toapis",
            Model = "m",
            Status = VideoTaskStatus.Submitting,
            CreatedAt =
        default
        }, new() { Request = new() });

    private static readonly RequestRecord Begun = Intent.Begin(null, Noon, "owner", null);

    private static readonly VideoTaskReport Running = new()
    {
        Id = "id-1",
        Model = "m2",
        Status = VideoTaskStatus.InProgress,
        RawStatus = "running",
        Progress = 50,
        CompletedAt = Noon,
        EstimatedSeconds = 90,
        Cost = 0.5m,
        Credits = 10,
        Videos = [new() { Url = "https://a.example/1.mp4" }],
    };

    [Fact]
    public void Apply_WhatAReportLeavesOut_StaysAsItWas()
    {
        var expected = new VideoTask
        {
            RequestKey = "k1",
            Provider = "toapis",
            CreatedAt = Noon,
            Id = "id-1",
            Model = "m2",
            Status = VideoTaskStatus.InProgress,
            RawStatus = "running",
            Progress = 50,
            CompletedAt = Noon,
            EstimatedSeconds = 90,
            Cost = 0.5m,
            Credits = 10,
            Videos = Running.Videos,
        };
        var accepted = Begun.Apply(Running);
        Assert.Equivalent(expected, accepted.Task, strict: true);
        Assert.Equivalent(expected with { RawStatus = null },
            accepted.Apply(new() { Id = "id-2", Status = VideoTaskStatus.InProgress }).Task, strict: true);
        Assert.Equal(("id-1", "m3"),
            (accepted.Apply(Running with { Id = "id-2", Model = "m3" }).Task.Id,
            accepted.Apply(Running with { Model = "m3" }).Task.Model));
    }

    [Fact]
    public void Apply_NewerReport_ReplacesEachField()
    {
        var newer = new VideoTaskReport
        {
            Id = "id-1",
            Model = "m3",
            Status = VideoTaskStatus.Completed,
            RawStatus = "done",
            Progress = 100,
            CompletedAt = Noon.AddHours(1),
            EstimatedSeconds = 30,
            Cost = 0.7m,
            Credits = 14,
            Videos = [new() { Url = "https://a.example/2.mp4" }],
        };
        var expected = Begun.Apply(newer).Task;
        Assert.Equivalent(expected, Begun.Apply(Running).Apply(newer).Task, strict: true);
    }

    [Theory]
    [InlineData(VideoTaskStatus.Completed)]
    [InlineData(VideoTaskStatus.Failed)]
    [InlineData(VideoTaskStatus.Cancelled)]
    public void Apply_LateReport_DoesNotTakeBackTheEnd(VideoTaskStatus status)
    {
        var ended = Begun.Apply(Running)
            .Apply(Running with { Status = status, RawStatus = "ended", Progress = 100, Error = No });
        var task = ended.Apply(Running with { RawStatus = "late", Progress = 20, Credits = 12 }).Task;
        Assert.Equal((status, "ended", 100, No, 12m),
            (task.Status, task.RawStatus, task.Progress, task.Error, task.Credits));
        Assert.Equal(VideoTaskStatus.Completed,
            ended.Apply(Running with { Status = VideoTaskStatus.Completed }).Task.Status);
        // A clip that was made stays made, also where its provider no longer gives it.
        Assert.Equal(status == VideoTaskStatus.Completed ? status : VideoTaskStatus.Failed,
            ended.Apply(Running with { Status = VideoTaskStatus.Failed }).Task.Status);
    }

    [Fact]
    public void Apply_AcceptedRequest_NeverForgetsItsId()
    {
        var accepted = Begun.Apply(Running);
        Assert.Null(accepted.Reject(1, No));
        Assert.Null(accepted.LoseOutcome(1, No));
        Assert.Null(accepted.SettleAsNeverAccepted(1, No));
        foreach (var before in new[] { Begun.Reject(1, No)!, Begun.LoseOutcome(1, No)! })
            Assert.Equal((LedgerState.Accepted, VideoTaskStatus.InProgress, null),
                before.Apply(Running) is var now ? (now.State, now.Task.Status, now.Task.Error) : default);
    }

    [Fact]
    public void Reject_AnotherAttempt_ChangesNothing()
    {
        Assert.Null(Begun.Reject(2, No));
        Assert.Null(Begun.LoseOutcome(2, No));
        Assert.Null(Begun.SettleAsNeverAccepted(1, No));
        Assert.Null(Begun.LoseOutcome(1, No)!.SettleAsNeverAccepted(2, No));
        var settled = Begun.LoseOutcome(1, No)!.SettleAsNeverAccepted(1, No)!;
        Assert.Equal((LedgerState.Rejected, VideoTaskStatus.Failed, No),
            (settled.State, settled.Task.Status, settled.Task.Error));
    }

    [Fact]
    public void Begin_CountsAttempts_AndKeepsTheFirstTimeOfAnUnknownRequestOnly()
    {
        var (afterUnknown, afterRefusal) =
            (Intent.Begin(Begun.LoseOutcome(1, No), Noon.AddDays(1), "b", null),
            Intent.Begin(Begun.Reject(1, No), Noon.AddDays(1), "b", null));
        Assert.Equal((1, Noon, Noon, new DateOnly(2026, 5, 20), "owner"),
            (Begun.Attempt, Begun.FirstSentAt, Begun.LastSentAt, Begun.CountedDay, Begun.Owner));
        Assert.Equal((2, Noon, Noon.AddDays(1), new DateOnly(2026, 5, 21), "b"),
            (afterUnknown.Attempt, afterUnknown.FirstSentAt, afterUnknown.LastSentAt, afterUnknown.CountedDay,
            afterUnknown.Owner));
        Assert.Equal((2, Noon.AddDays(1), VideoTaskStatus.Submitting),
            (afterRefusal.Attempt, afterRefusal.FirstSentAt, afterRefusal.Task.Status));
        Assert.False(Begun.IsSameAs(afterUnknown));
        Assert.False(Begun.IsSameAs(Begun.Reject(1, No)!));
        Assert.True(Begun.IsSameAs(Begun with { ReadAt = default }));
    }

    [Theory]
    [InlineData(24 * 3600, false)]
    [InlineData((24 * 3600) + 1, true)]
    public void IsTooOldToSettle_AfterADay(int seconds, bool isTooOld) =>
    Assert.Equal(isTooOld, (Begun with { ReadAt = Noon.AddSeconds(seconds) }).IsTooOldToSettle);

    [Fact]
    public void Adopt_TaskMadeElsewhere_IsAsOldAsItsProviderSays()
    {
        Assert.Equal((Noon.AddDays(-3), "apimart", 0),
            RequestRecord.Adopt("k", "apimart", Running with { CreatedAt = Noon.AddDays(-3) }, Noon) is var old
            ? (old.Task.CreatedAt, old.Task.Provider, old.Attempt)
            : default);
        Assert.Equal((Noon, null),
            RequestRecord.Adopt("k", "apimart", Running, Noon) is var adopted
            ? (adopted.Task.CreatedAt, adopted.CountedDay)
            : default);
    }

    [Theory]
    [InlineData(90, 90)]
    [InlineData(0, null)]
    [InlineData(-5, null)]
    [InlineData(90_000, null)]
    public void Apply_CompletedTask_TellsHowLongItTook(int seconds, int? expected)
    {
        var report = Running with
        {
            Status = VideoTaskStatus.Completed,
            CreatedAt = Noon,
            CompletedAt = Noon.AddSeconds(seconds),
        };
        Assert.Equal(expected, Begun.Apply(report).GenerationSeconds);
        Assert.Null(Begun.Apply(report with { Status = VideoTaskStatus.InProgress }).GenerationSeconds);
    }

    [Fact]
    public void Apply_FreshUrlOfASavedVideo_KeepsTheFile()
    {
        var saved = Begun.Apply(Running) is var accepted ? accepted with
        {
            Task = accepted.Task with
            {
                Videos = [new() { Url = "a0" },
                    new() { Url = "a1", SavedPath = "/clips/1.mp4", SavedOn = "there", Sha256 = "ab" }],
            },
        } : null!;
        var fresh =
            saved.Apply(Running with { Videos = [new() { Url = "b0" }, new() { Url = "b1" }, new() { Url = "b2" }] });
        Assert.Equal([("b0", null, null, null), ("b1", "/clips/1.mp4", "there", "ab"), ("b2", null, null, null)],
            fresh.Task.Videos.Select(video => (video.Url, video.SavedPath, video.SavedOn, video.Sha256)));
    }

    [Fact]
    public void LoseOutcome_SaysTheStepThatFitsTheProvider()
    {
        var task = Begun.LoseOutcome(1, No)!.Task;
        Assert.Equal((VideoTaskStatus.Unknown, OmniErrorKind.OutcomeUnknown, Charged.Unknown, "c"),
            (task.Status, task.Error!.Kind, task.Error.Charged, task.Error.Code));
        Assert.Contains("request key 'k1'", task.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Merge_AdoptedTaskThatHasEnded_GivesItsEnd()
    {
        var adopted =
            RequestRecord.Adopt("toapis:id-1", "toapis", Running with { Status = VideoTaskStatus.Completed }, Noon);
        var merged =
            Begun.Apply(Running with { Status = VideoTaskStatus.Queued, Videos = [], Credits = null }).Merge(adopted);
        Assert.Equal(("k1", VideoTaskStatus.Completed, 10, 1),
            (merged.Task.RequestKey, merged.Task.Status, merged.Task.Credits, merged.Task.Videos.Count));
        Assert.Equal(VideoTaskStatus.InProgress,
            Begun.Apply(Running).Merge(
            RequestRecord.Adopt("x", "toapis", Running with { Status = VideoTaskStatus.Queued }, Noon)).Task.Status);
    }

    [Fact]
    public void AddFile_SamePositionOnTheSameMachine_ReplacesTheFile()
    {
        SavedFile[] files =
            [new(0, "here", "/a", "ab", 1), new(1, "here", "/b", "ab", 1), new(0, "there", "/c", "ab", 1)];
        var saved = files.Aggregate(Begun, (request, file) => request.AddFile(file));
        Assert.Equal(files, saved.Files);
        Assert.Equal(["/b", "/c", "/d"],
            saved.AddFile(new(0, "here", "/d", "cd", 2)).Files.Select(file => file.Path));
    }
}
