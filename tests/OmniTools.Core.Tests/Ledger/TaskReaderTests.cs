using OmniTools.Core.Tests.Submitting;
using OmniTools.Errors;
using OmniTools.Ledger;
using OmniTools.Providers;
using OmniTools.Tasks;
using OmniTools.Testing;
using OmniTools.Tests;
using Xunit;

namespace OmniTools.Core.Tests.Ledger;

/// <summary>What is asked of providers, what is made of their answers, and what of it the ledger keeps.</summary>
public sealed class TaskReaderTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly ProviderSpec ToApis = Catalog.Provider("toapis");

    private static readonly TaskReport Report = new()
    {
        Id = "id-1",
        Model = "m2",
        Status = VideoTaskStatus.InProgress,
        RawStatus = "running",
        Progress = 50,
        CreatedAt = Noon.AddHours(-1),
        CompletedAt = Noon,
        EstimatedSeconds = 90,
        Cost = 0.5m,
        Credits = 10,
        Videos = [new() { Url = "https://a.example/1.mp4" }],
    };

    private readonly TemporaryFolder folder = new();
    private readonly TaskLedger ledger;
    private readonly TaskReader reader;
    private TaskReport report = Report;
    private Func<Task<TaskReport?>> find = () => throw new NotImplementedException("no key is asked for here");
    private readonly List<string> ids = [];
    private Func<Task>? meanwhile;

    public TaskReaderTests()
    {
        ledger = new(folder["home"], false, new ManualClock(Noon) { AutoAdvance = true });
        reader = new(ledger, spec => new FakeProvider(Wire.Unreachable(spec.Id, Noon))
        {
            Get = id =>
            {
                ids.Add(id);
                var answer = report;
                meanwhile?.Invoke().GetAwaiter().GetResult();
                return answer;
            },
            Find = () => find(),
        });
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> Changes => ["status", "raw_status", "credits", "completed_at", "error", "url", "one video more"];

    [Fact]
    public async Task What_a_provider_leaves_out_stays_as_it_was_and_what_it_tells_is_taken()
    {
        await AcceptAsync();
        var first = await reader.GetAsync(" id-1 ", ToApis, Stop);
        Check(Report, first);
        report = new() { Id = "id-1", Status = VideoTaskStatus.InProgress };
        Check(Report with { RawStatus = null }, await reader.GetAsync("k1", null, Stop));
        Assert.Equal("https://a.example/1.mp4", ledger.Find("k1", null)!.Task.Videos.Single().Url);
        report = new()
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
        Check(report, await reader.GetAsync("id-1", null, Stop));
        Check(report, ledger.Find("k1", null)!.Task);

        static void Check(TaskReport expected, VideoTask task) => Assert.Equal(
            (expected.Id, expected.Model, expected.Status, expected.RawStatus, expected.Progress, expected.CompletedAt, expected.EstimatedSeconds, expected.Cost, expected.Credits, expected.Videos.Single().Url),
            (task.Id, task.Model, task.Status, task.RawStatus, task.Progress, task.CompletedAt, task.EstimatedSeconds, task.Cost, task.Credits, task.Videos.Single().Url));
    }

    [Fact]
    public async Task A_price_is_learned_for_the_model_that_was_asked_for_where_the_provider_names_none()
    {
        await AcceptAsync();
        report = Report with { Model = null };
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
        report = report with { Progress = 60 };
        Assert.Equal(60, (await reader.GetAsync("id-1", null, Stop)).Progress);
        Assert.Equal(3, Records().Count);
        report = change switch
        {
            "status" => report with { Status = VideoTaskStatus.Queued },
            "raw_status" => report with { RawStatus = "still running" },
            "credits" => report with { Credits = 11 },
            "completed_at" => report with { CompletedAt = Noon.AddSeconds(1) },
            "error" => report with { Error = new() { Kind = OmniErrorKind.TaskFailed, Message = "No.", Charged = Charged.Unknown } },
            "url" => report with { Videos = [new() { Url = "https://a.example/1.mp4?fresh" }] },
            _ => report with { Videos = [.. report.Videos, new() { Url = "https://a.example/2.mp4" }] },
        };
        await reader.GetAsync("id-1", null, Stop);
        Assert.Equal((4, LedgerEvent.State, Noon.AddHours(-1)), (Records().Count, Records()[0].Event, Records()[0].CreatedAt));
        report = report with { CreatedAt = null, RawStatus = "and another" };
        await reader.GetAsync("id-1", null, Stop);
        Assert.Equal(Noon, Records()[0].CreatedAt);
    }

    [Fact]
    public async Task A_task_made_elsewhere_is_adopted_under_a_key_of_its_own()
    {
        Assert.Equal(("toapis:id-1", "m2"), Of(await reader.GetAsync("id-1", ToApis, Stop)));
        Assert.Equal(("toapis:id-1", "m2"), Of(ledger.Find("id-1", null)!.Task));
        report = Report with { Id = "id-2", RequestKey = "their-key" };
        Assert.Equal("their-key", (await reader.GetAsync("id-2", ToApis, Stop)).RequestKey);

        static (string, string?) Of(VideoTask task) => (task.RequestKey, task.Model);
    }

    [Fact]
    public async Task A_task_made_here_whose_id_was_never_told_is_settled_by_asking_for_the_id()
    {
        await IntendAsync();
        report = Report with { RequestKey = "k1" };
        Assert.Equal(("k1", "id-1", "a cat"), Of(await reader.GetAsync("id-1", ToApis, Stop)));
        Assert.Equal(("k1", "id-1", "a cat"), Of(ledger.Find("id-1", null)!.Task));
        Assert.Equal(LedgerEvent.Settled, Records()[0].Event);
        // An alias of an accepted task neither takes its id nor is recorded again.
        report = Report with { Id = "id-other", RequestKey = "k1" };
        Assert.Equal("id-1", (await reader.GetAsync("id-other", ToApis, Stop)).Id);
        Assert.Equal(2, Records().Count);

        static (string, string?, string?) Of(VideoTask task) => (task.RequestKey, task.Id, task.Prompt);
    }

    [Fact]
    public async Task An_accepted_task_keeps_the_id_it_was_accepted_under_whatever_a_read_answers()
    {
        await AcceptAsync();
        report = Report with { Id = "4711" };
        Assert.Equal("id-1", (await reader.GetAsync("id-1", null, Stop)).Id);
        Assert.Equal("id-1", (await reader.GetAsync("k1", null, Stop)).Id);
        Assert.Equal(["id-1", "id-1"], ids);
        Assert.Equal("id-1", ledger.List(new()).Single().Id);
        Assert.Equal(VideoTaskStatus.InProgress, ledger.Find("id-1", null)!.Task.Status);
        Assert.Null(ledger.Find("4711", null));
    }

    [Fact]
    public async Task A_task_adopted_by_two_at_once_is_one_task_and_keeps_its_file()
    {
        report = Report with { Status = VideoTaskStatus.Completed };
        meanwhile = async () =>
        {
            meanwhile = null;
            report = report with { Credits = 10 };
            await reader.GetAsync("id-1", ToApis, Stop);
            await ledger.AppendAsync(new LedgerRecord { Event = LedgerEvent.Saved, Key = "toapis:id-1", Id = "id-1", Provider = "toapis", Index = 0, Path = "/clips/1.mp4" });
        };
        report = report with { Credits = 11 };
        Assert.Equal("/clips/1.mp4", (await reader.GetAsync("id-1", ToApis, Stop)).SavedPath);
        Assert.Equal([LedgerEvent.State, LedgerEvent.Saved, LedgerEvent.Adopted], Records().Select(record => record.Event));
        var task = Assert.Single(ledger.List(new()));
        Assert.Equal(("/clips/1.mp4", 11), (task.SavedPath, task.Credits));
    }

    [Fact]
    public async Task A_task_that_is_known_under_its_id_is_not_adopted_again_under_another_name()
    {
        await AcceptAsync();
        Assert.Equal(("k1", "id-1"), Of(await reader.GetAsync("an-alias", ToApis, Stop)));
        report = Report with { RequestKey = "their\u202Ekey", Status = VideoTaskStatus.Completed };
        Assert.Equal(("k1", "id-1"), Of(await reader.GetAsync("an-alias", ToApis, Stop)));
        Assert.Equal(VideoTaskStatus.Completed, Assert.Single(ledger.List(new())).Status);
        report = report with { Id = "id-2" };
        Assert.Equal(("toapis:id-2", "id-2"), Of(await reader.GetAsync("id-2", ToApis, Stop)));

        static (string, string?) Of(VideoTask task) => (task.RequestKey, task.Id);
    }

    [Fact]
    public async Task What_has_ended_is_not_taken_back_by_an_answer_that_is_late()
    {
        await AcceptAsync();
        report = Report with { Status = VideoTaskStatus.Completed, RawStatus = "done", Progress = 100 };
        await reader.GetAsync("id-1", null, Stop);
        report = Report with { Progress = 60 };
        var task = await reader.GetAsync("id-1", null, Stop);
        Assert.Equal((VideoTaskStatus.Completed, "done", 100), (task.Status, task.RawStatus, task.Progress));
        Assert.Equal(3, Records().Count);
    }

    [Fact]
    public async Task What_was_called_never_accepted_and_is_there_after_all_is_open_again()
    {
        await IntendAsync();
        await ledger.AppendAsync(new LedgerRecord { Event = LedgerEvent.Settled, Key = "k1" });
        report = Report with { RequestKey = "k1" };
        Assert.Equal(VideoTaskStatus.InProgress, (await reader.GetAsync("id-1", ToApis, Stop)).Status);
        Assert.Equal(VideoTaskStatus.InProgress, ledger.Find("k1", null)!.Task.Status);
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
        report = Report with { Status = VideoTaskStatus.Completed };
        Assert.Equal(VideoTaskStatus.Completed, (await reader.FollowAsync(task, Stop)).Status);
        Assert.Equal(VideoTaskStatus.Completed, (await reader.FollowAsync(task, Stop)).Status);
        Assert.Equal(2, ids.Count);
        Assert.Equal("id-1", (await reader.FollowAsync(task with { Provider = "apimart" }, Stop)).Id);

        await ledger.AppendAsync(new LedgerRecord { Event = LedgerEvent.Intent, Key = "k9", Provider = "apimart", Model = "m" });
        var error = await Assert.ThrowsAsync<OmniException>(() => reader.FollowAsync(ledger.Find("k9", null)!.Task, Stop));
        Assert.Equal((OmniErrorKind.OutcomeUnknown, "apimart", "k9", true, Charged.Unknown), (error.Kind, error.Provider, error.RequestKey, error.WasSent, error.Charged));
        Assert.Contains("'k9'", error.NextStep, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, 0, VideoTaskStatus.Failed)]
    [InlineData(false, 24 * 3600, VideoTaskStatus.Failed)]
    [InlineData(false, (24 * 3600) + 1, VideoTaskStatus.Unknown)]
    [InlineData(true, 0, VideoTaskStatus.InProgress)]
    [InlineData(true, (24 * 3600) + 1, VideoTaskStatus.InProgress)]
    public async Task An_unknown_request_is_settled_by_its_key_while_the_provider_can_be_believed(bool isThere, int secondsAgo, VideoTaskStatus status)
    {
        await IntendAsync(since: Noon.AddSeconds(-secondsAgo));
        find = () => Task.FromResult(isThere ? Report with { Model = null } : null);
        var task = await reader.GetAsync("k1", null, Stop);
        Assert.Equal((status, isThere ? "id-1" : null, "m"), (task.Status, task.Id, task.Model));
        Assert.Equal(status, ledger.Find("k1", null)!.Task.Status);
        if (status == VideoTaskStatus.Failed)
        {
            Assert.Equal((OmniErrorKind.ProviderUnavailable, Charged.No), (task.Error!.Kind, task.Error.Charged));
            Assert.Contains("nothing was billed", task.Error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_another_process_sent_again_meanwhile_is_not_settled_by_an_answer_about_the_time_before()
    {
        await IntendAsync();
        using var claim = ledger.Claim();
        find = async () =>
        {
            await IntendAsync(owner: claim.Name);
            return null;
        };
        Assert.Equal(VideoTaskStatus.Submitting, (await reader.GetAsync("k1", null, Stop)).Status);
        Assert.Equal([LedgerEvent.Intent, LedgerEvent.Intent], Records().Select(record => record.Event));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("first", "second")]
    public async Task What_a_process_sent_again_meanwhile_and_died_of_is_not_settled_by_an_answer_about_the_time_before(string? owner, string? next)
    {
        await IntendAsync(owner);
        find = async () =>
        {
            // No task yet; before that is recorded another process settles, sends again, is accepted and is killed.
            await ledger.AppendAsync(new LedgerRecord { Event = LedgerEvent.Settled, Key = "k1" });
            await IntendAsync(next, again: true);
            return null;
        };
        Assert.Equal(VideoTaskStatus.Unknown, (await reader.GetAsync("k1", null, Stop)).Status);
        Assert.Equal(LedgerEvent.Intent, Records()[0].Event);
    }

    [Fact]
    public async Task A_read_that_cannot_be_recorded_is_still_an_answer()
    {
        await AcceptAsync();
        using (new FileStream(Path.Combine(ledger.Folder, "ledger.lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            Assert.Equal(50, (await reader.GetAsync("id-1", null, Stop)).Progress);
        Assert.Equal(2, Records().Count);
    }

    private async Task AcceptAsync()
    {
        await IntendAsync();
        await ledger.AppendAsync(new LedgerRecord { Event = LedgerEvent.Accepted, Key = "k1", Id = "id-1", Provider = "toapis", Status = "queued" });
    }

    private Task IntendAsync(string? owner = null, DateTimeOffset? since = null, bool? again = null) => ledger.AppendAsync(new LedgerRecord
    {
        Event = LedgerEvent.Intent,
        Key = "k1",
        Provider = "toapis",
        Model = "m",
        Prompt = "a cat",
        Owner = owner,
        Since = since,
        Again = again,
    });

    private List<LedgerRecord> Records() => [.. new LedgerReader(new LedgerFiles(folder["home"])).Newest()];
}
