using OmniTools.Errors;
using OmniTools.Ledger;
using OmniTools.Providers;
using OmniTools.Tasks;
using Xunit;

namespace OmniTools.Core.Tests.Ledger;

/// <summary>What is asked of providers, what is made of their answers, and what of it the ledger keeps.</summary>
public sealed class TaskReaderTests : ReaderWorld
{
    public static TheoryData<string> Changes => ["status", "raw_status", "credits", "completed_at", "error", "url", "one video more"];

    [Fact]
    public async Task What_a_provider_leaves_out_stays_as_it_was_and_what_it_tells_is_taken()
    {
        await AcceptAsync();
        var first = await reader.GetAsync(" id-1 ", ToApis, Stop);
        Check(Report, first);
        answer = new() { Id = "id-1", Status = VideoTaskStatus.InProgress };
        Check(Report with { RawStatus = null }, await reader.GetAsync("k1", null, Stop));
        Check(Report with { RawStatus = null }, ledger.Find("k1", null)!.Task);
        answer = new()
        {
            Id = "id-1",
            Model = "m3",
            Status = VideoTaskStatus.Completed,
            RawStatus = "done",
            Progress = 100,
            CompletedAt = Noon.AddHours(1),
            EstimatedSeconds = 80,
            Cost = 0.6m,
            Credits = 11,
            Videos = [new() { Url = "https://a.example/2.mp4" }],
        };
        Check(answer, await reader.GetAsync("id-1", null, Stop));
        Check(answer, ledger.Find("k1", null)!.Task);

        static void Check(TaskReport expected, VideoTask task) => Assert.Equal(
            (expected.Id, expected.Model, expected.Status, expected.RawStatus, expected.Progress, expected.CompletedAt, expected.EstimatedSeconds, expected.Cost, expected.Credits, expected.Videos.Single().Url),
            (task.Id, task.Model, task.Status, task.RawStatus, task.Progress, task.CompletedAt, task.EstimatedSeconds, task.Cost, task.Credits, task.Videos.Single().Url));
    }

    [Fact]
    public async Task An_answer_without_a_status_word_is_recorded_once_however_often_it_comes()
    {
        await AcceptAsync();
        await reader.GetAsync("id-1", null, Stop);
        answer = Report with { RawStatus = null };
        await reader.GetAsync("id-1", null, Stop);
        var recorded = Records().Count;
        for (var i = 0; i < 3; i++)
            await reader.GetAsync("id-1", null, Stop);
        Assert.Equal(recorded, Records().Count);
    }

    [Fact]
    public async Task A_price_is_learned_for_the_model_that_was_asked_for_where_the_provider_names_none()
    {
        await AcceptAsync();
        answer = Report with { Model = null };
        await reader.GetAsync("id-1", null, Stop);
        Assert.Equal(("m", 10m), (Records()[0].Model, ledger.Look().Price("toapis", "m")));
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Each_change_is_recorded_and_the_same_answer_again_is_not(string change)
    {
        await AcceptAsync();
        await reader.GetAsync("id-1", null, Stop);
        Assert.Equal(3, Records().Count);
        answer = answer with { Progress = 60 };
        Assert.Equal(60, (await reader.GetAsync("id-1", null, Stop)).Progress);
        Assert.Equal(3, Records().Count);
        answer = change switch
        {
            "status" => answer with { Status = VideoTaskStatus.Queued },
            "raw_status" => answer with { RawStatus = "still running" },
            "credits" => answer with { Credits = 11 },
            "completed_at" => answer with { CompletedAt = Noon.AddSeconds(1) },
            "error" => answer with { Error = new() { Kind = OmniErrorKind.TaskFailed, Message = "No.", Charged = Charged.Unknown } },
            "url" => answer with { Videos = [new() { Url = "https://a.example/1.mp4?fresh" }] },
            _ => answer with { Videos = [.. answer.Videos, new() { Url = "https://a.example/2.mp4" }] },
        };
        await reader.GetAsync("id-1", null, Stop);
        Assert.Equal((4, LedgerEvent.State, Noon.AddHours(-1)), (Records().Count, Records()[0].Event, Records()[0].CreatedAt));
        answer = answer with { CreatedAt = null, RawStatus = "and another" };
        await reader.GetAsync("id-1", null, Stop);
        Assert.Equal(Noon, Records()[0].CreatedAt);
    }

    [Fact]
    public async Task An_accepted_task_keeps_the_id_it_was_accepted_under_whatever_a_read_answers()
    {
        await AcceptAsync();
        answer = Report with { Id = "4711" };
        Assert.Equal("id-1", (await reader.GetAsync("id-1", null, Stop)).Id);
        Assert.Equal("id-1", (await reader.GetAsync("k1", null, Stop)).Id);
        Assert.Equal(["id-1", "id-1"], ids);
        Assert.Equal("id-1", ledger.List(new()).Single().Id);
        Assert.Equal(VideoTaskStatus.InProgress, ledger.Find("id-1", null)!.Task.Status);
        Assert.Null(ledger.Find("4711", null));
    }

    [Fact]
    public async Task What_has_ended_is_not_taken_back_by_an_answer_that_is_late()
    {
        await AcceptAsync();
        answer = Report with { Status = VideoTaskStatus.Completed, RawStatus = "done", Progress = 100 };
        await reader.GetAsync("id-1", null, Stop);
        answer = Report with { Progress = 60 };
        var task = await reader.GetAsync("id-1", null, Stop);
        Assert.Equal((VideoTaskStatus.Completed, "done", 100), (task.Status, task.RawStatus, task.Progress));
        Assert.Equal(3, Records().Count);
    }

    [Fact]
    public async Task A_handle_that_is_empty_or_not_known_is_refused_with_what_to_do()
    {
        var empty = await Assert.ThrowsAsync<OmniException>(() => reader.GetAsync(" ", ToApis, Stop));
        Assert.Equal((OmniErrorKind.InvalidRequest, "task_id", "an empty text"), (empty.Kind, empty.Field, empty.Received));
        var unknown = await Assert.ThrowsAsync<OmniException>(() => reader.GetAsync("id-9", null, Stop));
        Assert.Equal((OmniErrorKind.NotFound, "task_id", "id-9"), (unknown.Kind, unknown.Field, unknown.Received));
        Assert.Contains("toapis, apimart", unknown.NextStep, StringComparison.Ordinal);
        Assert.Empty(ids);
    }

    [Fact]
    public async Task A_wait_asks_no_more_for_what_has_ended_and_ends_where_asking_cannot_settle()
    {
        await AcceptAsync();
        var task = ledger.Find("k1", null)!.Task;
        Assert.Equal(VideoTaskStatus.InProgress, (await reader.FollowAsync(task, Stop)).Status);
        answer = Report with { Status = VideoTaskStatus.Completed };
        Assert.Equal(VideoTaskStatus.Completed, (await reader.FollowAsync(task, Stop)).Status);
        Assert.Equal(VideoTaskStatus.Completed, (await reader.FollowAsync(task, Stop)).Status);
        Assert.Equal(2, ids.Count);
        Assert.Equal("id-1", (await reader.FollowAsync(task with { Provider = "apimart" }, Stop)).Id);

        await ledger.AppendAsync(new LedgerRecord { Event = LedgerEvent.Intent, Key = "k9", Provider = "apimart", Model = "m" });
        var error = await Assert.ThrowsAsync<OmniException>(() => reader.FollowAsync(ledger.Find("k9", null)!.Task, Stop));
        Assert.Equal((OmniErrorKind.OutcomeUnknown, "apimart", "k9", true, Charged.Unknown), (error.Kind, error.Provider, error.RequestKey, error.WasSent, error.Charged));
        Assert.Contains("'k9'", error.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_read_that_cannot_be_recorded_is_still_an_answer()
    {
        await AcceptAsync();
        using (new FileStream(Path.Combine(ledger.Folder, "ledger.lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            Assert.Equal(50, (await reader.GetAsync("id-1", null, Stop)).Progress);
        Assert.Equal(2, Records().Count);
    }
}
