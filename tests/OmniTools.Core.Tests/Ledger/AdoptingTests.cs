using OmniTools.Errors;
using OmniTools.Ledger;
using OmniTools.Providers;
using OmniTools.Tasks;
using OmniTools.Testing;
using Xunit;

namespace OmniTools.Core.Tests.Ledger;

/// <summary>Tasks that the ledger learns of by asking: made elsewhere, or by a request whose outcome nobody knew.</summary>
public sealed class AdoptingTests : ReaderWorld
{
    [Fact]
    public async Task A_task_made_elsewhere_is_adopted_under_a_key_of_its_own()
    {
        Assert.Equal(("toapis:id-1", "m2"), Of(await reader.GetAsync("id-1", ToApis, Stop)));
        Assert.Equal(("toapis:id-1", "m2"), Of(ledger.Find("id-1", null)!.Task));
        answer = Report with { Id = "id-2", RequestKey = "their-key" };
        Assert.Equal("their-key", (await reader.GetAsync("id-2", ToApis, Stop)).RequestKey);

        static (string, string?) Of(VideoTask task) => (task.RequestKey, task.Model);
    }

    [Fact]
    public async Task A_task_made_here_whose_id_was_never_told_is_settled_by_asking_for_the_id()
    {
        await IntendAsync();
        answer = Report with { RequestKey = "k1" };
        Assert.Equal(("k1", "id-1", "a cat"), Of(await reader.GetAsync("id-1", ToApis, Stop)));
        Assert.Equal(("k1", "id-1", "a cat"), Of(ledger.Find("id-1", null)!.Task));
        Assert.Equal(LedgerEvent.Settled, Records()[0].Event);
        // An alias of an accepted task neither takes its id nor is recorded again.
        answer = Report with { Id = "id-other", RequestKey = "k1" };
        Assert.Equal("id-1", (await reader.GetAsync("id-other", ToApis, Stop)).Id);
        Assert.Equal(2, Records().Count);

        static (string, string?, string?) Of(VideoTask task) => (task.RequestKey, task.Id, task.Prompt);
    }

    [Fact]
    public async Task A_task_adopted_by_two_at_once_is_one_task_and_keeps_its_file()
    {
        answer = Report with { Status = VideoTaskStatus.Completed };
        meanwhile = async () =>
        {
            meanwhile = null;
            answer = answer with { Credits = 10 };
            await reader.GetAsync("id-1", ToApis, Stop);
            await ledger.AppendAsync(new LedgerRecord { Event = LedgerEvent.Saved, Key = "toapis:id-1", Id = "id-1", Provider = "toapis", Index = 0, Path = "/clips/1.mp4" });
        };
        answer = answer with { Credits = 11 };
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
        answer = Report with { RequestKey = "their\u202Ekey", Status = VideoTaskStatus.Completed };
        Assert.Equal(("k1", "id-1"), Of(await reader.GetAsync("an-alias", ToApis, Stop)));
        Assert.Equal(VideoTaskStatus.Completed, Assert.Single(ledger.List(new())).Status);
        answer = answer with { Id = "id-2" };
        Assert.Equal(("toapis:id-2", "id-2"), Of(await reader.GetAsync("id-2", ToApis, Stop)));

        static (string, string?) Of(VideoTask task) => (task.RequestKey, task.Id);
    }

    [Fact]
    public async Task Tasks_made_elsewhere_under_one_key_stay_two_tasks()
    {
        // The same key in two accounts, or at a provider that took it twice.
        answer = Report with { RequestKey = "their-key" };
        Assert.Equal("id-1", (await reader.GetAsync("id-1", ToApis, Stop)).Id);
        answer = Report with { Id = "id-2", RequestKey = "their-key", Videos = [new() { Url = "https://a.example/2.mp4" }] };
        for (var i = 0; i < 2; i++)
            Assert.Equal(("id-2", "https://a.example/2.mp4"), Of(await reader.GetAsync("id-2", ToApis, Stop)));
        answer = Report with { RequestKey = "their-key" };
        Assert.Equal(("id-1", "https://a.example/1.mp4"), Of(await reader.GetAsync("id-1", ToApis, Stop)));
        await ledger.AppendAsync(new LedgerRecord { Event = LedgerEvent.Intent, Key = "shot-1", Provider = "apimart" });
        await ledger.AppendAsync(new LedgerRecord { Event = LedgerEvent.Accepted, Key = "shot-1", Id = "task-1", Provider = "apimart", Status = "queued" });
        answer = Report with { Id = "id-3", RequestKey = "shot-1" };
        Assert.Equal("toapis:id-3", (await reader.GetAsync("id-3", ToApis, Stop)).RequestKey);
        Assert.Equal("task-1", ledger.Find("shot-1", null)!.Task.Id);
        Assert.Equal(["id-3", "task-1", "id-2", "id-1"], ledger.List(new()).Select(task => task.Id));

        static (string?, string) Of(VideoTask task) => (task.Id, task.Videos.Single().Url);
    }

    [Fact]
    public async Task A_doubt_whose_request_is_damaged_is_settled_where_its_provider_is_named()
    {
        await ledger.AppendAsync(new LedgerRecord { Event = LedgerEvent.Unknown, Key = "k1", Error = new() { Kind = OmniErrorKind.TimedOut, Message = "no answer", Charged = Charged.Unknown } });
        var unnamed = await Assert.ThrowsAsync<OmniException>(() => reader.GetAsync("k1", null, Stop));
        Assert.Contains("name its provider", unnamed.NextStep, StringComparison.Ordinal);
        answer = Report with { RequestKey = "k1" };
        Assert.Equal(("k1", "id-1", VideoTaskStatus.InProgress), Of(await reader.GetAsync("k1", ToApis, Stop)));
        Assert.Equal(("k1", "id-1", VideoTaskStatus.InProgress), Of(ledger.Find("id-1", null)!.Task));

        static (string, string?, VideoTaskStatus) Of(VideoTask task) => (task.RequestKey, task.Id, task.Status);
    }

    [Theory]
    [InlineData(5, VideoTaskStatus.Failed)]
    [InlineData(6, VideoTaskStatus.Unknown)]
    public async Task A_clock_that_was_set_back_cannot_tell_that_the_provider_still_knows_the_key(int minutes, VideoTaskStatus status)
    {
        await IntendAsync();
        var later = new TaskLedger(folder["home"], false, new ManualClock(Later.AddMinutes(minutes)) { AutoAdvance = true });
        await later.AppendAsync(new LedgerRecord { Event = LedgerEvent.Intent, Key = "k2", Provider = "toapis" });
        find = () => Task.FromResult<TaskReport?>(null);
        Assert.Equal(status, (await reader.GetAsync("k1", null, Stop)).Status);
        Assert.Equal(status, ledger.Find("k1", null)!.Task.Status);
    }

    [Fact]
    public async Task What_was_called_never_accepted_and_is_there_after_all_is_open_again()
    {
        await IntendAsync();
        await ledger.AppendAsync(new LedgerRecord { Event = LedgerEvent.Settled, Key = "k1" });
        answer = Report with { RequestKey = "k1" };
        Assert.Equal(VideoTaskStatus.InProgress, (await reader.GetAsync("id-1", ToApis, Stop)).Status);
        Assert.Equal(VideoTaskStatus.InProgress, ledger.Find("k1", null)!.Task.Status);
    }

    [Theory]
    [InlineData(false, 0, VideoTaskStatus.Failed)]
    [InlineData(false, 24 * 3600, VideoTaskStatus.Failed)]
    [InlineData(false, (24 * 3600) + 1, VideoTaskStatus.Unknown)]
    [InlineData(true, 0, VideoTaskStatus.InProgress)]
    [InlineData(true, (24 * 3600) + 1, VideoTaskStatus.InProgress)]
    public async Task An_unknown_request_is_settled_by_its_key_while_the_provider_can_be_believed(bool isThere, int secondsAgo, VideoTaskStatus status)
    {
        await IntendAsync(since: Later.AddSeconds(-secondsAgo));
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
    public async Task Right_after_a_request_was_sent_no_such_task_does_not_prove_that_it_was_never_accepted()
    {
        await ledger.AppendAsync(new LedgerRecord { Event = LedgerEvent.Intent, Key = "k0", Provider = "toapis" });
        await new TaskLedger(folder["home"], false, new ManualClock(Later.AddTicks(-1)) { AutoAdvance = true })
            .AppendAsync(new LedgerRecord { Event = LedgerEvent.Intent, Key = "k1", Provider = "toapis" });
        find = () => Task.FromResult<TaskReport?>(null);
        Assert.Equal(VideoTaskStatus.Unknown, (await reader.GetAsync("k1", null, Stop)).Status);
        Assert.Equal(VideoTaskStatus.Failed, (await reader.GetAsync("k0", null, Stop)).Status);
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
}
