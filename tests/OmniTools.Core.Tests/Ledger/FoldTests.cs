using OmniTools.Errors;
using OmniTools.Ledger;
using OmniTools.Tasks;
using Xunit;

namespace OmniTools.Core.Tests.Ledger;

/// <summary>What the records of one key amount to.</summary>
public sealed class FoldTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 20, 12, 0, 0, TimeSpan.Zero);

    private static readonly LedgerRecord Intent = new() { At = Noon, Event = LedgerEvent.Intent, Key = "k1", Provider = "toapis", Model = "m", Owner = "o" };

    private static readonly TaskError No = new() { Kind = OmniErrorKind.TaskFailed, Message = "No.", Charged = Charged.Unknown };

    private static readonly LedgerRecord Told = Record(LedgerEvent.Accepted) with
    {
        Id = "id-1",
        Model = "m2",
        Status = "in_progress",
        RawStatus = "running",
        Progress = 50,
        CompletedAt = Noon,
        EstimatedSeconds = 90,
        Cost = 0.5m,
        Credits = 10,
        Videos = [new() { Url = "https://a.example/1.mp4" }],
    };

    [Fact]
    public void What_was_told_stays_until_it_is_told_again()
    {
        var told = new VideoTask
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
            Videos = Told.Videos!,
        };
        Assert.Equivalent(told, Fold(Intent, Told).Task, strict: true);
        Assert.Equivalent(told, Fold(Intent, Told, Record(LedgerEvent.State)).Task, strict: true);
        var again = Told with { Event = LedgerEvent.State, Id = "id-2", Model = "m3", Status = "completed", RawStatus = "done", Progress = 100, CompletedAt = Noon.AddHours(1), EstimatedSeconds = 80, Cost = 0.6m, Credits = 11, Videos = [new() { Url = "https://a.example/2.mp4" }] };
        Assert.Equivalent(told with
        {
            Model = "m3",
            Status = VideoTaskStatus.Completed,
            RawStatus = "done",
            Progress = 100,
            CompletedAt = Noon.AddHours(1),
            EstimatedSeconds = 80,
            Cost = 0.6m,
            Credits = 11,
            Videos = again.Videos!,
        }, Fold(Intent, Told, again).Task, strict: true);
    }

    [Theory]
    [InlineData(LedgerState.Unknown, VideoTaskStatus.Unknown)]
    [InlineData(LedgerState.Unknown, VideoTaskStatus.Unknown, LedgerEvent.Unknown)]
    [InlineData(LedgerState.Rejected, VideoTaskStatus.Failed, LedgerEvent.Rejected)]
    [InlineData(LedgerState.Rejected, VideoTaskStatus.Failed, LedgerEvent.Unknown, LedgerEvent.Settled)]
    [InlineData(LedgerState.Accepted, VideoTaskStatus.Queued, LedgerEvent.Accepted)]
    [InlineData(LedgerState.Accepted, VideoTaskStatus.Queued, LedgerEvent.Adopted)]
    [InlineData(LedgerState.Accepted, VideoTaskStatus.Queued, LedgerEvent.Unknown, "settled with an id")]
    [InlineData(LedgerState.Accepted, VideoTaskStatus.Queued, LedgerEvent.Accepted, LedgerEvent.Rejected)]
    [InlineData(LedgerState.Accepted, VideoTaskStatus.Queued, LedgerEvent.Accepted, LedgerEvent.Unknown)]
    [InlineData(LedgerState.Accepted, VideoTaskStatus.Queued, LedgerEvent.Accepted, LedgerEvent.Settled)]
    public void The_events_of_a_key_tell_where_it_stands(object state, VideoTaskStatus status, params string[] events)
    {
        var records = events.Select(each => each is LedgerEvent.Accepted or LedgerEvent.Adopted or "settled with an id"
            ? Record(each == "settled with an id" ? LedgerEvent.Settled : each) with { Id = "id-1", Status = "queued" }
            : Record(each) with { Error = No });
        var entry = Fold([Intent, .. records]);
        Assert.Equal((state, status), (entry.State, entry.Task.Status));
        Assert.Equal(status == VideoTaskStatus.Queued, entry.Task.Error is null);
    }

    [Theory]
    [InlineData("completed", VideoTaskStatus.Completed)]
    [InlineData("failed", VideoTaskStatus.Failed)]
    [InlineData("cancelled", VideoTaskStatus.Cancelled)]
    public void What_has_ended_is_not_taken_back_by_what_a_slower_process_saw_before(string word, VideoTaskStatus status)
    {
        var ended = Told with { Event = LedgerEvent.State, Status = word, RawStatus = "ended", Progress = 100, Error = No };
        foreach (var late in new[] { "in_progress", "queued" })
        {
            var task = Fold(Intent, Told, ended, Record(LedgerEvent.State) with { Id = "id-1", Status = late, RawStatus = "late", Progress = 20, Credits = 12 }).Task;
            Assert.Equal((status, "ended", 100, No, 12m), (task.Status, task.RawStatus, task.Progress, task.Error, task.Credits));
        }
        Assert.Equal(VideoTaskStatus.Completed, Fold(Intent, Told, ended, Told with { Event = LedgerEvent.State, Status = "completed" }).Task.Status);
        Assert.Equal(VideoTaskStatus.Failed, Fold(Intent, Told, ended, Told with { Event = LedgerEvent.State, Status = "failed" }).Task.Status);
    }

    [Fact]
    public void A_settlement_after_the_acceptance_still_tells_what_it_knows() =>
        Assert.Equal(7, Fold(Intent, Told, Record(LedgerEvent.Settled) with { Id = "id-1", Credits = 7 }).Task.Credits);

    [Fact]
    public void Under_way_is_only_what_somebody_works_on()
    {
        Assert.Equal(LedgerState.Intended, LedgerEntry.Fold([Intent], false, name => name == "o").State);
        Assert.Equal(LedgerState.Unknown, LedgerEntry.Fold([Intent with { Owner = "gone" }], false, name => name == "o").State);
        Assert.Equal(LedgerState.Accepted, LedgerEntry.Fold([Intent, Told], false, _ => false).State);
    }

    [Fact]
    public void A_task_made_elsewhere_is_as_old_as_its_provider_says()
    {
        var adopted = Told with { Event = LedgerEvent.Adopted, Provider = "apimart", At = Noon };
        Assert.Equal((Noon.AddDays(-3), "apimart"), (Fold(adopted with { CreatedAt = Noon.AddDays(-3) }).Task.CreatedAt, Fold(adopted).Task.Provider));
        Assert.Equal(Noon, Fold(adopted).Task.CreatedAt);
        Assert.Equal(Noon.AddDays(-1), Fold(Intent with { Since = Noon.AddDays(-1) }).Task.CreatedAt);
        Assert.Equal("", Fold(adopted with { Provider = null }).Task.Provider);
    }

    [Fact]
    public void An_error_is_the_last_answers_own_and_a_saved_file_takes_none_away()
    {
        var failed = Record(LedgerEvent.State) with { Id = "id-1", Error = No };
        Assert.Equal(No, Fold(Intent, Told, failed, Record(LedgerEvent.Saved) with { Id = "id-1", Index = 0, Path = "/clips/1.mp4" }).Task.Error);
        Assert.Equal("Another.", Fold(Intent, Told, failed, failed with { Error = No with { Message = "Another." } }).Task.Error!.Message);
        Assert.Null(Fold(Intent, Told, failed, failed with { Status = "completed", Error = null }).Task.Error);
        Assert.Null(Fold(Intent, Record(LedgerEvent.Unknown) with { Error = No }, Told).Task.Error);
    }

    [Fact]
    public void A_fresh_url_of_a_saved_video_does_not_forget_the_file()
    {
        var saved = Record(LedgerEvent.Saved) with { Index = 1, Path = "/clips/1.mp4", Sha256 = "ab" };
        var two = Told with { Videos = [new() { Url = "a0" }, new() { Url = "a1" }] };
        var fresh = Record(LedgerEvent.State) with { Videos = [new() { Url = "b0" }, new() { Url = "b1" }, new() { Url = "b2" }] };
        Assert.Equal([("a0", null, null), ("a1", "/clips/1.mp4", "ab")], Videos(Fold(Intent, two, saved)));
        Assert.Equal([("b0", null, null), ("b1", "/clips/1.mp4", "ab"), ("b2", null, null)], Videos(Fold(Intent, two, saved, fresh)));

        static IEnumerable<(string, string?, string?)> Videos(LedgerEntry entry) => entry.Task.Videos.Select(video => (video.Url, video.SavedPath, video.Sha256));
    }

    [Fact]
    public void An_unknown_outcome_is_told_with_its_reason_and_the_step_that_fits_the_provider()
    {
        var (plain, told) = (Fold(Intent).Task.Error!, Fold(Intent, Record(LedgerEvent.Unknown) with { Error = No with { Code = "c" } }).Task.Error!);
        Assert.Equal("The request was sent and no answer was recorded: it may have been billed. Ask for the task by its request key 'k1': that settles it and buys nothing.", plain.Message);
        Assert.Equal(plain.Message + " Reason: \"No\"", told.Message);
        Assert.Equal((OmniErrorKind.OutcomeUnknown, Charged.Unknown, "c"), (told.Kind, told.Charged, told.Code));
        Assert.Contains("Repeat this exact request with the request key 'k1': by APIMart's documentation it returns the existing task. Asking for the task cannot settle it", Fold(Intent with { Provider = "apimart" }).Task.Error!.Message, StringComparison.Ordinal);
        Assert.Contains("Repeat this exact request", Fold(Intent with { Provider = "gone" }).Task.Error!.Message, StringComparison.Ordinal);
    }

    private static LedgerRecord Record(string what) => new() { Event = what, Key = "k1" };

    private static LedgerEntry Fold(params LedgerRecord[] records) => LedgerEntry.Fold(records, false, _ => false);
}
