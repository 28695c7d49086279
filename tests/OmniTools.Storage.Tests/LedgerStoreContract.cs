using OmniTools.Errors;
using OmniTools.Ledger;
using OmniTools.Requests;
using OmniTools.Testing;
using OmniTools.VideoTasks;
using static OmniTools.Storage.Tests.Samples;

namespace OmniTools.Storage.Tests;

public sealed class SqliteLedgerStoreTests : LedgerStoreContract
{
    private protected override Task<LedgerStoreFixture> StartAsync() => Task.FromResult<LedgerStoreFixture>(new SqliteLedgerFixture());
}

public sealed class PostgresLedgerStoreTests(PostgresFixture postgres) : LedgerStoreContract
{
    private protected override async Task<LedgerStoreFixture> StartAsync() => new PostgresLedgerFixture(await (await postgres.GetAsync()).CreateDatabaseAsync());
}

/// <summary>What a store promises, whichever database it uses.</summary>
public abstract class LedgerStoreContract
{
    private protected abstract Task<LedgerStoreFixture> StartAsync();

    [Fact]
    public async Task TryBeginAsync_NewRequest_IsStoredAndFoundByItsKey()
    {
        await using var world = await StartAsync();
        await using var lease = await world.Store.BeginAsync("k1", batch: "shots");
        var found = await world.Open().GetAsync("k1");
        Assert.Equivalent(Intent("k1", batch: "shots").Sent, found.Sent, strict: true);
        Assert.Equal((LedgerState.Intended, 1, VideoTaskStatus.Submitting), (found.State, found.Attempt, found.Task.Status));
        Assert.Equal(("toapis", "m", "a cat", "16:9", 8, "720p", "shots", "here"),
            (found.Task.Provider, found.Task.Model, found.Task.Prompt, found.Task.AspectRatio, found.Task.Duration, found.Task.Resolution, found.Task.Batch, found.Task.Machine));
        Assert.Equal((lease.Request.FirstSentAt, lease.Request.CountedDay), (found.FirstSentAt, found.CountedDay));
        Assert.Null(await world.Store.FindAsync("k2", null, default));
        Assert.Null(await world.Store.FindAsync("k1", "apimart", default));
    }

    [Fact]
    public async Task TryBeginAsync_KeyInUse_ReturnsNullAndChangesNothing()
    {
        await using var world = await StartAsync();
        await using var lease = await world.Store.BeginAsync("k1");
        Assert.Null(await world.Open().TryBeginAsync(Intent("k1", "a dog"), null, _ => { }, default));
        await world.Store.RejectAsync(lease.Request);
        Assert.Null(await world.Open().TryBeginAsync(Intent("k1", "a dog"), lease.Request, _ => { }, default));
        Assert.Equal("a cat", (await world.Store.GetAsync("k1")).Task.Prompt);
    }

    [Fact]
    public async Task TryBeginAsync_CheckRefuses_StoresNothing()
    {
        await using var world = await StartAsync();
        var refusal = new OmniException(OmniErrorKind.LimitReached, "No");
        Assert.Same(refusal, await Assert.ThrowsAsync<OmniException>(() => world.Store.BeginAsync("k1", check: _ => throw refusal)));
        Assert.Null(await world.Store.FindAsync("k1", null, default));
        await using var lease = await world.Store.BeginAsync("k1", check: day => Assert.Empty(day.Requests));
    }

    [Fact]
    public async Task GetDayAsync_CountsTodaysRequestsThatWereNotRefused()
    {
        await using var world = await StartAsync();
        await world.Store.AcceptAsync("old", "id-0");
        world.Advance(TimeSpan.FromDays(1));
        await world.Store.AcceptAsync("accepted", "id-1");
        await world.Store.ApplyAsync("id-1", Completed("id-1", "https://a.example/1.mp4"));
        await using var unknown = await world.Store.BeginAsync("unknown");
        await world.Store.LoseOutcomeAsync(unknown.Request);
        await using var rejected = await world.Store.BeginAsync("rejected");
        await world.Store.RejectAsync(rejected.Request);
        await world.Store.AdoptAsync("toapis", Report("elsewhere"), default);

        var day = await world.Store.GetDayAsync(null, default);
        Assert.Equivalent(new[] { new CountedRequest("accepted", "toapis", VideoTaskStatus.Completed, 10, 1.5m, 0.15m), new CountedRequest("unknown", "toapis", VideoTaskStatus.Unknown, 10, null, null) }, day.Requests, strict: true);
        Assert.True(day.IsCounted("unknown"));
        world.Advance(TimeSpan.FromDays(1));
        Assert.Empty((await world.Store.GetDayAsync(null, default)).Requests);
    }

    [Fact]
    public async Task TryBeginAsync_ResendOfAnUnknownRequest_KeepsItsFirstTimeAndCountsOnceADay()
    {
        await using var world = await StartAsync();
        await using var first = await world.Store.BeginAsync("k1");
        await world.Store.LoseOutcomeAsync(first.Request);
        await using var second = await world.Store.BeginAsync("k1");
        Assert.Equal((2, first.Request.FirstSentAt), (second.Request.Attempt, second.Request.FirstSentAt));
        Assert.Single((await world.Store.GetDayAsync(null, default)).Requests);
        await world.Store.LoseOutcomeAsync(second.Request);
        world.Advance(TimeSpan.FromDays(1));
        await using var third = await world.Store.BeginAsync("k1");
        Assert.Equal((3, first.Request.FirstSentAt), (third.Request.Attempt, third.Request.FirstSentAt));
        Assert.Equal(first.Request.FirstSentAt, (await world.Store.GetAsync("k1")).Task.CreatedAt);
        Assert.True((await world.Store.GetDayAsync(null, default)).IsCounted("k1"));
        await world.Store.RejectAsync(third.Request);
        await using var fourth = await world.Store.BeginAsync("k1");
        Assert.NotEqual(first.Request.FirstSentAt, fourth.Request.FirstSentAt);
    }

    [Fact]
    public async Task UpdateAsync_Acceptance_IsFoundByIdAndNeverForgotten()
    {
        await using var world = await StartAsync();
        await using var lease = await world.Store.BeginAsync("k1");
        await world.Store.ApplyAsync("k1", Completed("id-1", "https://a.example/1.mp4", "https://a.example/2.mp4"));
        await world.Store.RejectAsync(lease.Request);
        await world.Store.LoseOutcomeAsync(lease.Request);
        await world.Store.ApplyAsync("id-1", Report("id-2", VideoTaskStatus.InProgress));

        var task = (await world.Open().GetAsync("id-1")).Task;
        Assert.Equal(("k1", "id-1", VideoTaskStatus.Completed, "completed", 100), (task.RequestKey, task.Id, task.Status, task.RawStatus, task.Progress));
        Assert.Equal((0.15m, 1.5m, 60, Noon.AddSeconds(90)), (task.Cost, task.Credits, task.EstimatedSeconds, task.CompletedAt));
        Assert.Equal([("https://a.example/1.mp4", Noon.AddDays(1)), ("https://a.example/2.mp4", Noon.AddDays(1))], task.Videos.Select(video => (video.Url, video.ExpiresAt)));
        Assert.Null(await world.Store.UpdateAsync("nothing", "toapis", LedgerEvent.State, request => request, default));
    }

    [Fact]
    public async Task UpdateAsync_LateReportOfAnEarlierAttempt_CountsOnlyWhenItAccepts()
    {
        await using var world = await StartAsync();
        await using var first = await world.Store.BeginAsync("k1");
        await world.Store.LoseOutcomeAsync(first.Request);
        await using var second = await world.Store.BeginAsync("k1");
        await world.Store.RejectAsync(first.Request);
        Assert.Equal(LedgerState.Intended, (await world.Store.GetAsync("k1")).State);
        await world.Store.LoseOutcomeAsync(second.Request);
        await world.Store.UpdateAsync("k1", "toapis", LedgerEvent.Settled, known => known.SettleAsNeverAccepted(first.Request.Attempt, No), default);
        Assert.Equal(LedgerState.Unknown, (await world.Store.GetAsync("k1")).State);
        await world.Store.UpdateAsync("k1", "toapis", LedgerEvent.Settled, known => known.SettleAsNeverAccepted(second.Request.Attempt, No), default);
        var settled = await world.Store.GetAsync("k1");
        Assert.Equal((LedgerState.Rejected, VideoTaskStatus.Failed, No), (settled.State, settled.Task.Status, settled.Task.Error));
        Assert.Equal(LedgerState.Accepted, (await world.Store.ApplyAsync("k1", Report("id-1")))!.State);
        Assert.Equal("id-1", (await world.Store.GetAsync("k1")).Task.Id);
    }

    [Fact]
    public async Task FindAsync_RunningSubmissionIsSubmitting_AbandonedOneIsUnknown()
    {
        await using var world = await StartAsync();
        await using var lease = await world.Store.BeginAsync("k1");
        var other = world.Open("there");
        Assert.Equal(VideoTaskStatus.Submitting, (await other.GetAsync("k1")).Task.Status);
        Assert.Null((await other.GetDayAsync("hash of a cat", default)).Duplicate);
        Assert.Equal("k1", await other.KeysAsync(new() { Statuses = [VideoTaskStatus.Submitting] }));

        await world.AbandonAsync(lease);
        var found = await other.GetAsync("k1");
        Assert.Equal((LedgerState.Unknown, VideoTaskStatus.Unknown, Charged.Unknown), (found.State, found.Task.Status, found.Task.Error!.Charged));
        Assert.Equal("k1", (await other.GetDayAsync("hash of a cat", default)).Duplicate);
        Assert.Null((await other.GetDayAsync("hash of a dog", default)).Duplicate);
        Assert.Equal("k1", await other.KeysAsync(new() { Statuses = [VideoTaskStatus.Unknown] }));
        Assert.Equal("", await other.KeysAsync(new() { Statuses = [VideoTaskStatus.Submitting] }));
        Assert.Equal("id-1", (await world.Store.ApplyAsync("k1", Report("id-1")))!.Task.Id);
    }

    [Fact]
    public async Task UpdateAsync_AbandonedRequestWhoseOutcomeIsLost_KeepsTheReason()
    {
        await using var world = await StartAsync();
        await using var lease = await world.Store.BeginAsync("k1");
        await world.AbandonAsync(lease);
        await world.Store.LoseOutcomeAsync(lease.Request);
        var found = await world.Open("there").GetAsync("k1");
        Assert.Equal((LedgerState.Unknown, VideoTaskStatus.Unknown), (found.State, found.Task.Status));
        Assert.Contains("No", found.Task.Error!.Message, StringComparison.Ordinal);
        Assert.Equal("no", found.Task.Error.Code);
    }

    [Fact]
    public async Task AdoptAsync_ManyAtOnce_StoresOneTask()
    {
        await using var world = await StartAsync();
        await world.Store.ListAsync(new(), default);
        var adopted = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => world.Open("m" + i).AdoptAsync("toapis", Completed("id-1", "https://a.example/1.mp4"), default))));
        Assert.Equal(["toapis:id-1"], adopted.Select(each => each.Task.RequestKey).Distinct());
        Assert.Single((await world.Store.ListAsync(new(), default)).Tasks);
        var task = (await world.Store.GetAsync("id-1")).Task;
        Assert.Equal((VideoTaskStatus.Completed, Noon, "https://a.example/1.mp4"), (task.Status, task.CreatedAt, task.Videos.Single().Url));
    }

    [Fact]
    public async Task AdoptAsync_KeyOfARequestMadeHere_SettlesIt_AndAKeyInUseElsewhereIsNotTaken()
    {
        await using var world = await StartAsync();
        await using var lease = await world.Store.BeginAsync("k1");
        await world.Store.LoseOutcomeAsync(lease.Request);
        Assert.Equal("k1", (await world.Store.AdoptAsync("toapis", Report("id-1") with { RequestKey = "k1" }, default)).Task.RequestKey);
        Assert.Equal((LedgerState.Accepted, "id-1"), ((await world.Store.GetAsync("k1")).State, (await world.Store.GetAsync("k1")).Task.Id));
        Assert.Equal("theirs", (await world.Store.AdoptAsync("apimart", Report("id-2") with { RequestKey = "theirs" }, default)).Task.RequestKey);
        Assert.Equal("apimart:id-3", (await world.Store.AdoptAsync("apimart", Report("id-3") with { RequestKey = "k1" }, default)).Task.RequestKey);
    }

    [Fact]
    public async Task AdoptAsync_AnswerUnderAnotherId_KeepsTheIdThatWasAccepted()
    {
        await using var world = await StartAsync();
        await world.Store.AcceptAsync("k1", "id-1");
        Assert.Equal("id-1", (await world.Store.AdoptAsync("toapis", Report("alias") with { RequestKey = "k1" }, default)).Task.Id);
        Assert.Equal("toapis:id-2", (await world.Store.AdoptAsync("toapis", Report("id-2") with { RequestKey = "their\u202Ekey" }, default)).Task.RequestKey);
        Assert.Equal("toapis:id-2 k1", await world.Store.KeysAsync());
    }

    [Fact]
    public async Task UpdateAsync_AcceptanceOfAnAdoptedTask_MergesTheTwoAndKeepsTheFiles()
    {
        await using var world = await StartAsync();
        await using var lease = await world.Store.BeginAsync("k1");
        var adopted = await world.Store.AdoptAsync("toapis", Completed("id-1", "https://a.example/1.mp4"), default);
        await world.Store.RecordFileAsync(adopted.Task, 0, "/clips/1.mp4", "ab", 5, default);

        await world.Store.ApplyAsync("k1", Report("id-1"));
        var task = (await world.Store.GetAsync("id-1")).Task;
        Assert.Equal(("k1", "a cat", VideoTaskStatus.Completed, "/clips/1.mp4"), (task.RequestKey, task.Prompt, task.Status, task.SavedPath));
        Assert.Equal("k1", await world.Store.KeysAsync());
    }

    [Fact]
    public async Task RecordFileAsync_SeveralMachines_EachSeesItsOwnFileElseAnotherOnes()
    {
        await using var world = await StartAsync();
        await world.Store.AcceptAsync("k1", "id-1");
        var task = (await world.Store.ApplyAsync("id-1", Completed("id-1", "https://a.example/1.mp4", "https://a.example/2.mp4")))!.Task;
        var there = world.Open("there");
        Assert.Equal("k1", await there.KeysAsync(new() { Unsaved = true }));
        await world.Store.RecordFileAsync(task, 0, "/here/1.mp4", "ab", 5, default);
        Assert.Equal("k1", await there.KeysAsync(new() { Unsaved = true }));
        await world.Store.RecordFileAsync(task, 1, "/here/2.mp4", "cd", 5, default);
        Assert.Equal("", await there.KeysAsync(new() { Unsaved = true }));

        var video = (await there.GetAsync("id-1")).Task.Videos[0];
        Assert.Equal(("/here/1.mp4", "here", "ab"), (video.SavedPath, video.SavedOn, video.Sha256));
        await there.RecordFileAsync(task, 0, "/old/1.mp4", "ab", 5, default);
        await there.RecordFileAsync(task, 0, "/there/1.mp4", "ab", 5, default);
        Assert.Equal([("/there/1.mp4", null), ("/here/2.mp4", "here")], (await there.GetAsync("id-1")).Task.Videos.Select(each => (each.SavedPath, each.SavedOn)));
        Assert.Equal(("/here/1.mp4", null), (await world.Store.GetAsync("id-1")).Task.Videos[0] is var mine ? (mine.SavedPath, mine.SavedOn) : default);
        // A fresh URL does not forget the file.
        await there.ApplyAsync("id-1", Completed("id-1", "https://a.example/3.mp4", "https://a.example/4.mp4"));
        Assert.Equal(("https://a.example/3.mp4", "/here/1.mp4"), (await world.Store.GetAsync("id-1")).Task.Videos[0] is var fresh ? (fresh.Url, fresh.SavedPath) : default);
        await world.Store.RecordFileAsync(task with { Id = "gone", RequestKey = "gone" }, 0, "/x", "ab", 5, default);
    }

    [Fact]
    public async Task ListAsync_FiltersAndPages_NewestFirst()
    {
        await using var world = await StartAsync();
        foreach (var i in Enumerable.Range(1, 6))
        {
            await world.Store.AcceptAsync("k" + i, "id-" + i, i % 2 == 0 ? "a Cät, 100% 'real'_x" : "a dog", i < 3 ? "apimart" : "toapis", i > 4 ? "night" : null);
            world.Advance(TimeSpan.FromSeconds(1));
        }
        var second = (await world.Store.GetAsync("k2")).LastSentAt;
        await world.Store.ApplyAsync("k3", Completed("id-3"));

        Assert.Equal("k6 k5 k4 k3 k2 k1", await world.Store.KeysAsync());
        Assert.Equal("k2 k1", await world.Store.KeysAsync(new() { Provider = "apimart" }));
        Assert.Equal("k3", await world.Store.KeysAsync(new() { Statuses = [VideoTaskStatus.Completed, VideoTaskStatus.Failed] }));
        Assert.Equal("k6 k5", await world.Store.KeysAsync(new() { Batch = "night" }));
        Assert.Equal("k6 k5 k4 k3 k2", await world.Store.KeysAsync(new() { Since = second }));
        foreach (var text in new[] { "cÄT", "100% 'REAL'_x" })
            Assert.Equal("k6 k4 k2", await world.Store.KeysAsync(new() { Search = text }));
        Assert.Equal("k5", await world.Store.KeysAsync(new() { Search = "ID-5" }));
        Assert.Equal("k5", await world.Store.KeysAsync(new() { Search = "K5" }));
        Assert.Equal("", await world.Store.KeysAsync(new() { Search = "a%g" }));

        var page = await world.Store.ListAsync(new() { Limit = 4 }, default);
        Assert.Equal(("k3", 4), (page.NextCursor, page.Tasks.Count));
        var last = await world.Store.ListAsync(new() { Limit = 4, Before = page.NextCursor }, default);
        Assert.Equal((null, "k2 k1"), (last.NextCursor, string.Join(" ", last.Tasks.Select(task => task.RequestKey))));
        Assert.Empty(last.Warnings);
    }

    [Fact]
    public async Task UpdateAsync_TextThatADatabaseCannotStore_IsRecordedAllTheSame()
    {
        await using var world = await StartAsync();
        await using var lease = await world.Store.BeginAsync("k1", "a \0 cat \ud83d\ude00 \ud83d");
        await world.Store.ApplyAsync("k1", Report("id-1") with { RawStatus = "od\0d\udc00", Error = No with { Message = "n\0" } });
        var task = (await world.Store.GetAsync("id-1")).Task;
        Assert.Equal(("a \uFFFD cat \ud83d\ude00 \uFFFD", "od\uFFFDd\uFFFD"), (task.Prompt, task.RawStatus));
    }

    [Fact]
    public async Task FindManyAsync_MoreThanOneQueryTakes_FindsAll()
    {
        await using var world = await StartAsync();
        foreach (var i in Enumerable.Range(0, 3))
            await world.Store.AcceptAsync("k" + i, "id-" + i);
        var handles = Enumerable.Range(3, 1200).Select(i => "k" + i).Concat(["k0", "id-1", "id-2"]).ToList();
        Assert.Equal(["k0", "k1", "k2"], (await world.Store.FindManyAsync(handles, default)).Select(each => each.Task.RequestKey).Order());
    }

    [Fact]
    public async Task GetAverageDurationAsync_IsThatOfTheModelsCompletedClips()
    {
        await using var world = await StartAsync();
        Assert.Null(await world.Store.GetAverageDurationAsync("toapis", "m", default));
        foreach (var i in new[] { 1, 2, 3 })
        {
            await world.Store.AcceptAsync("k" + i, "id-" + i);
            await world.Store.ApplyAsync("id-" + i, Completed("id-" + i) with { CompletedAt = Noon.AddSeconds(60 * i) });
        }
        Assert.Equal(TimeSpan.FromSeconds(120), await world.Store.GetAverageDurationAsync("toapis", "m", default));
        Assert.Null(await world.Store.GetAverageDurationAsync("apimart", "m", default));
    }

    [Fact]
    public async Task GetPaidClipsAsync_ReturnsCompletedClipsOfTheSameLengthAndResolutionWithTheirRequests()
    {
        await using var world = await StartAsync();
        foreach (var (i, credits) in new[] { (1, 7m), (2, 8m) })
        {
            await world.Store.AcceptAsync("k" + i, "id-" + i);
            await world.Store.ApplyAsync("id-" + i, Completed("id-" + i) with { Credits = credits, Cost = null });
            world.Advance(TimeSpan.FromSeconds(1));
        }
        await world.Store.AcceptAsync("k3", "id-3");

        var paid = await world.Store.GetPaidClipsAsync("toapis", "m", 8, "720p", default);

        Assert.Equal([8, 7], paid.Select(clip => clip.Credits));
        Assert.All(paid, clip => Assert.Equal("task-0", clip.Request.ExtendFrom));
        Assert.Empty(await world.Store.GetPaidClipsAsync("toapis", "m", 6, "720p", default));
        Assert.Empty(await world.Store.GetPaidClipsAsync("toapis", "m", 8, null, default));
        Assert.Empty(await world.Store.GetPaidClipsAsync("toapis", "m", null, "720p", default));
        Assert.Empty(await world.Store.GetPaidClipsAsync("apimart", "m", 8, "720p", default));
    }

    [Fact]
    public async Task FindAsync_KeepsEveryFieldOfTheRequest()
    {
        await using var world = await StartAsync();
        var request = new VideoRequest
        {
            NegativePrompt = "rain",
            Images = ["https://a.example/1.png"],
            FirstFrame = "https://a.example/2.png",
            LastFrame = "https://a.example/3.png",
            Videos = ["https://a.example/1.mp4", "https://a.example/2.mp4"],
            Audio = false,
            Seed = long.MaxValue,
            Options = RequestOptions.Parse("""{"metadata.task":"edit","shots":[{"index":1,"length":2.50}],"watermark":false}"""),
        };
        var intent = Intent("k1") with { Sent = Intent("k1").Sent! with { Request = request } };
        await using (await world.Store.TryBeginAsync(intent, null, _ => { }, default))
        {
            var stored = (await world.Store.GetAsync("k1")).Sent!.Request;
            Assert.Equal(System.Text.Json.JsonSerializer.Serialize(request, StorageJson.Default.VideoRequest),
                System.Text.Json.JsonSerializer.Serialize(stored, StorageJson.Default.VideoRequest));
            Assert.Equal((2, 3, "2.50"), (stored.Videos.Count, stored.Options.Count, stored.Options["shots"][0].GetProperty("length").GetRawText()));
        }
    }

    [Fact]
    public async Task TryBeginAsync_FiftyWritersAndALimitOf20_BeginsExactly20()
    {
        await using var world = await StartAsync();
        var stores = Enumerable.Range(0, 50).Select(i => world.Open("machine" + i)).ToList();
        var begun = await Task.WhenAll(stores.Select((store, i) => Task.Run(async () =>
        {
            try
            {
                await using var lease = await store.BeginAsync("k" + i, provider: i % 2 == 0 ? "toapis" : "apimart", check: day =>
                {
                    if (day.Requests.Count >= 20)
                        throw new OmniException(OmniErrorKind.LimitReached, "No");
                });
                return true;
            }
            catch (OmniException refused) when (refused.Kind == OmniErrorKind.LimitReached)
            {
                return false;
            }
        })));
        Assert.Equal(20, begun.Count(each => each));
        Assert.Equal(20, (await world.Store.ListAsync(new(), default)).Tasks.Count);
    }

    [Fact]
    public async Task RenewAsync_AttemptThatAnotherMachineSettled_RefusesToSend()
    {
        await using var world = await StartAsync();
        await using var lease = await world.Store.BeginAsync("k1");
        await lease.RenewAsync(default);
        await world.AbandonAsync(lease);
        await world.Open("there").UpdateAsync("k1", "toapis", LedgerEvent.Settled, known => known.SettleAsNeverAccepted(1, No), default);
        if (world is SqliteLedgerFixture)
            return; // A lock file is held until the submission ends: nobody else settles it before.
        var error = await Assert.ThrowsAsync<OmniException>(() => lease.RenewAsync(default));
        Assert.Equal((OmniErrorKind.LedgerUnavailable, Charged.Unknown), (error.Kind, error.Charged));
    }

    [Fact]
    public async Task ListAsync_LedgerOfANewerProgram_StillReadsButRefusesToBuy()
    {
        await using var world = await StartAsync();
        await world.Store.AcceptAsync("k1", "id-1");
        await using (var database = world.Connect())
        await using (var session = await database.OpenAsync(isWrite: true, default))
        {
            await session.ExecuteAsync("UPDATE omni_schema SET version = 9, minimum_version = 8");
            await session.CommitAsync();
        }
        var store = world.Open();
        var page = await store.ListAsync(new(), default);
        Assert.Equal("k1", page.Tasks.Single().RequestKey);
        Assert.Contains("update this one", page.Warnings.Single(), StringComparison.Ordinal);
        await store.RecordFileAsync((await store.ApplyAsync("id-1", Completed("id-1", "https://a.example/1.mp4")))!.Task, 0, "/clips/1.mp4", "ab", 5, default);
        var error = await Assert.ThrowsAsync<OmniException>(() => store.BeginAsync("k2"));
        Assert.Equal((OmniErrorKind.LedgerUnavailable, Charged.No), (error.Kind, error.Charged));
        Assert.Contains("version 8", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_ManyProgramsAtOnce_CreateTheSchemaOnce()
    {
        await using var world = await StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => world.Open().ListAsync(new(), default))));
        await world.Store.AcceptAsync("k1", "id-1");
        Assert.Equal("k1", await world.Store.KeysAsync());
    }

    [Fact]
    public async Task Batches_Requests_AreListedWithTheirRowHash()
    {
        await using var world = await StartAsync();
        await world.Store.AcceptAsync("k1", "id-1", batch: "shots");
        world.Advance(TimeSpan.FromSeconds(1));
        var intent = Intent("k2", "a dog", batch: "takes");
        intent = intent with { Sent = intent.Sent! with { RowHash = "hash of the row" } };
        await using var lease = await world.Store.TryBeginAsync(intent, null, _ => { }, default);
        await world.Store.AcceptAsync("k3", "id-3", "a bird");
        var batches = world.Open("there").Batches;
        Assert.Equal(["takes", "shots"], await batches.ListAsync(default));
        Assert.Equal(("k2", "hash of the row"), Assert.Single(await batches.GetRequestsAsync("takes", default)) is var request ? (request.Task.RequestKey, request.Sent!.RowHash) : default);
        Assert.Empty(await batches.GetRequestsAsync("nothing", default));
    }

    [Fact]
    public async Task Batches_Lease_BelongsToOneRunUntilItEndsOrIsNotRenewed()
    {
        await using var world = await StartAsync();
        var minute = TimeSpan.FromMinutes(1);
        var (here, there) = (world.Store.Batches, world.Open("there").Batches);
        var (first, owner) = await here.TakeAsync("shots", minute, default);
        Assert.Equal(("here", Environment.ProcessId), (owner.Machine, owner.ProcessId));
        var (second, seen) = await there.TakeAsync("shots", minute, default);
        Assert.Null(second);
        Assert.Equal(owner, seen);
        Assert.NotNull((await there.TakeAsync("takes", minute, default)).Lease);

        world.Advance(TimeSpan.FromSeconds(50));
        Assert.True(await first!.RenewAsync(default));
        world.Advance(TimeSpan.FromSeconds(50));
        Assert.Null((await there.TakeAsync("shots", minute, default)).Lease);
        Assert.Equal(owner.StartedAt, (await there.FindOwnerAsync("shots", default))!.StartedAt);
        world.Advance(TimeSpan.FromSeconds(11));
        Assert.Null(await there.FindOwnerAsync("shots", default));
        var (taken, _) = await there.TakeAsync("shots", minute, default);
        Assert.NotNull(taken);
        // Whoever was away for too long neither renews nor ends what is another's.
        Assert.False(await first.RenewAsync(default));
        await first.DisposeAsync();
        Assert.Equal("there", (await here.FindOwnerAsync("shots", default))!.Machine);
        await taken.DisposeAsync();
        Assert.NotNull((await here.TakeAsync("shots", minute, default)).Lease);
    }
}
