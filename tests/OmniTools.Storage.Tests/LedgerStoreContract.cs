using OmniTools.Errors;
using OmniTools.Ledger;
using OmniTools.VideoTasks;
using static OmniTools.Storage.Tests.Samples;

namespace OmniTools.Storage.Tests;

public sealed class SqliteLedgerStoreTests : LedgerStoreContract
{
    private protected override Task<LedgerStoreFixture> StartAsync() =>
        Task.FromResult<LedgerStoreFixture>(new SqliteLedgerFixture());
}

public sealed class PostgresLedgerStoreTests(PostgresFixture postgres) : LedgerStoreContract
{
    private protected override async Task<LedgerStoreFixture> StartAsync() =>
        new PostgresLedgerFixture(await (await postgres.GetAsync()).CreateDatabaseAsync());
}

/// <summary>What a store promises, whichever database it uses.</summary>
public abstract partial class LedgerStoreContract
{
    private protected abstract Task<LedgerStoreFixture> StartAsync();

    [Fact]
    public async Task TryBeginAsync_NewRequest_IsStoredAndFoundByItsKey()
    {
        await using var fixture = await StartAsync();
        await using var lease = await fixture.Store.BeginAsync("k1", batch: "shots");
        var found = await fixture.Open().GetAsync("k1");
        Assert.Equivalent(Intent("k1", batch: "shots").Sent, found.Sent, strict: true);
        Assert.Equal((LedgerState.Intended, 1, VideoTaskStatus.Submitting),
            (found.State, found.Attempt, found.Task.Status));
        Assert.Equal(("toapis", "m", "a cat", "16:9", 8, "720p", "shots", "here"),
            (found.Task.Provider, found.Task.Model, found.Task.Prompt, found.Task.AspectRatio, found.Task.Duration,
            found.Task.Resolution, found.Task.Batch, found.Task.Machine));
        Assert.Equal((lease.Request.FirstSentAt, lease.Request.CountedDay), (found.FirstSentAt, found.CountedDay));
        Assert.Null(await fixture.Store.FindAsync("k2", null, default));
        Assert.Null(await fixture.Store.FindAsync("k1", "apimart", default));
    }

    [Fact]
    public async Task TryBeginAsync_KeyInUse_ReturnsNullAndChangesNothing()
    {
        await using var fixture = await StartAsync();
        await using var lease = await fixture.Store.BeginAsync("k1");
        Assert.Null(await fixture.Open().TryBeginAsync(Intent("k1", "a dog"), null, _ => { }, default));
        await fixture.Store.RejectAsync(lease.Request);
        Assert.Null(await fixture.Open().TryBeginAsync(Intent("k1", "a dog"), lease.Request, _ => { }, default));
        Assert.Equal("a cat", (await fixture.Store.GetAsync("k1")).Task.Prompt);
    }

    [Fact]
    public async Task TryBeginAsync_CheckRefuses_StoresNothing()
    {
        await using var fixture = await StartAsync();
        var refusal = new OmniException(OmniErrorKind.LimitReached, "No");
        Assert.Same(refusal,
            await Assert.ThrowsAsync<OmniException>(() => fixture.Store.BeginAsync("k1", check: _ => throw refusal)));
        Assert.Null(await fixture.Store.FindAsync("k1", null, default));
        await using var lease = await fixture.Store.BeginAsync("k1", check: day => Assert.Empty(day.Requests));
    }

    [Fact]
    public async Task GetDayAsync_CountsTodaysRequestsThatWereNotRefused()
    {
        await using var fixture = await StartAsync();
        await fixture.Store.AcceptAsync("old", "id-0");
        fixture.Advance(TimeSpan.FromDays(1));
        await fixture.Store.AcceptAsync("accepted", "id-1");
        await fixture.Store.ApplyAsync("id-1", Completed("id-1", "https://a.example/1.mp4"));
        await using var unknown = await fixture.Store.BeginAsync("unknown");
        await fixture.Store.LoseOutcomeAsync(unknown.Request);
        await using var rejected = await fixture.Store.BeginAsync("rejected");
        await fixture.Store.RejectAsync(rejected.Request);
        await fixture.Store.AdoptAsync("toapis", Report("elsewhere"), default);

        var day = await fixture.Store.GetDayAsync(null, default);
        Assert.Equivalent(new[] { new CountedRequest("accepted", "toapis", VideoTaskStatus.Completed, 10, 1.5m, 0.15m),
            new CountedRequest("unknown", "toapis", VideoTaskStatus.Unknown, 10, null, null) }, day.Requests,
                strict: true);
        Assert.True(day.IsCounted("unknown"));
        fixture.Advance(TimeSpan.FromDays(1));
        Assert.Empty((await fixture.Store.GetDayAsync(null, default)).Requests);
    }

    [Fact]
    public async Task TryBeginAsync_ResendOfAnUnknownRequest_KeepsItsFirstTimeAndCountsOnceADay()
    {
        await using var fixture = await StartAsync();
        await using var first = await fixture.Store.BeginAsync("k1");
        await fixture.Store.LoseOutcomeAsync(first.Request);
        await using var second = await fixture.Store.BeginAsync("k1");
        Assert.Equal((2, first.Request.FirstSentAt), (second.Request.Attempt, second.Request.FirstSentAt));
        Assert.Single((await fixture.Store.GetDayAsync(null, default)).Requests);
        await fixture.Store.LoseOutcomeAsync(second.Request);
        fixture.Advance(TimeSpan.FromDays(1));
        await using var third = await fixture.Store.BeginAsync("k1");
        Assert.Equal((3, first.Request.FirstSentAt), (third.Request.Attempt, third.Request.FirstSentAt));
        Assert.Equal(first.Request.FirstSentAt, (await fixture.Store.GetAsync("k1")).Task.CreatedAt);
        Assert.True((await fixture.Store.GetDayAsync(null, default)).IsCounted("k1"));
        await fixture.Store.RejectAsync(third.Request);
        await using var fourth = await fixture.Store.BeginAsync("k1");
        Assert.NotEqual(first.Request.FirstSentAt, fourth.Request.FirstSentAt);
    }

    [Fact]
    public async Task UpdateAsync_Acceptance_IsFoundByIdAndNeverForgotten()
    {
        await using var fixture = await StartAsync();
        await using var lease = await fixture.Store.BeginAsync("k1");
        await fixture.Store.ApplyAsync("k1", Completed("id-1", "https://a.example/1.mp4", "https://a.example/2.mp4"));
        await fixture.Store.RejectAsync(lease.Request);
        await fixture.Store.LoseOutcomeAsync(lease.Request);
        await fixture.Store.ApplyAsync("id-1", Report("id-2", VideoTaskStatus.InProgress));

        var task = (await fixture.Open().GetAsync("id-1")).Task;
        Assert.Equal(("k1", "id-1", VideoTaskStatus.Completed, "completed", 100),
            (task.RequestKey, task.Id, task.Status, task.RawStatus, task.Progress));
        Assert.Equal((0.15m, 1.5m, 60, Noon.AddSeconds(90)),
            (task.Cost, task.Credits, task.EstimatedSeconds, task.CompletedAt));
        Assert.Equal([("https://a.example/1.mp4", Noon.AddDays(1)), ("https://a.example/2.mp4", Noon.AddDays(1))],
            task.Videos.Select(video => (video.Url, video.ExpiresAt)));
        Assert.Null(await fixture.Store.UpdateAsync("nothing", "toapis", request => request,
            default));
    }

    [Fact]
    public async Task UpdateAsync_LateReportOfAnEarlierAttempt_CountsOnlyWhenItAccepts()
    {
        await using var fixture = await StartAsync();
        await using var first = await fixture.Store.BeginAsync("k1");
        await fixture.Store.LoseOutcomeAsync(first.Request);
        await using var second = await fixture.Store.BeginAsync("k1");
        await fixture.Store.RejectAsync(first.Request);
        Assert.Equal(LedgerState.Intended, (await fixture.Store.GetAsync("k1")).State);
        await fixture.Store.LoseOutcomeAsync(second.Request);
        await fixture.Store.UpdateAsync("k1", "toapis",
            known => known.SettleAsNeverAccepted(first.Request.Attempt, No), default);
        Assert.Equal(LedgerState.Unknown, (await fixture.Store.GetAsync("k1")).State);
        await fixture.Store.UpdateAsync("k1", "toapis",
            known => known.SettleAsNeverAccepted(second.Request.Attempt, No), default);
        var settled = await fixture.Store.GetAsync("k1");
        Assert.Equal((LedgerState.Rejected, VideoTaskStatus.Failed, No),
            (settled.State, settled.Task.Status, settled.Task.Error));
        Assert.Equal(LedgerState.Accepted, (await fixture.Store.ApplyAsync("k1", Report("id-1")))!.State);
        Assert.Equal("id-1", (await fixture.Store.GetAsync("k1")).Task.Id);
    }

    [Fact]
    public async Task FindAsync_RunningSubmissionIsSubmitting_AbandonedOneIsUnknown()
    {
        await using var fixture = await StartAsync();
        await using var lease = await fixture.Store.BeginAsync("k1");
        var other = fixture.Open("there");
        Assert.Equal(VideoTaskStatus.Submitting, (await other.GetAsync("k1")).Task.Status);
        Assert.Null((await other.GetDayAsync("hash of a cat", default)).Duplicate);
        Assert.Equal("k1", await other.KeysAsync(new() { Statuses = [VideoTaskStatus.Submitting] }));

        await fixture.AbandonAsync(lease);
        var found = await other.GetAsync("k1");
        Assert.Equal((LedgerState.Unknown, VideoTaskStatus.Unknown, Charged.Unknown),
            (found.State, found.Task.Status, found.Task.Error!.Charged));
        Assert.Equal("k1", (await other.GetDayAsync("hash of a cat", default)).Duplicate);
        Assert.Null((await other.GetDayAsync("hash of a dog", default)).Duplicate);
        Assert.Equal("k1", await other.KeysAsync(new() { Statuses = [VideoTaskStatus.Unknown] }));
        Assert.Equal("", await other.KeysAsync(new() { Statuses = [VideoTaskStatus.Submitting] }));
        Assert.Equal("id-1", (await fixture.Store.ApplyAsync("k1", Report("id-1")))!.Task.Id);
    }

    [Fact]
    public async Task UpdateAsync_AbandonedRequestWhoseOutcomeIsLost_KeepsTheReason()
    {
        await using var fixture = await StartAsync();
        await using var lease = await fixture.Store.BeginAsync("k1");
        await fixture.AbandonAsync(lease);
        await fixture.Store.LoseOutcomeAsync(lease.Request);
        var found = await fixture.Open("there").GetAsync("k1");
        Assert.Equal((LedgerState.Unknown, VideoTaskStatus.Unknown), (found.State, found.Task.Status));
        Assert.Contains("No", found.Task.Error!.Message, StringComparison.Ordinal);
        Assert.Equal("no", found.Task.Error.Code);
    }

    [Fact]
    public async Task AdoptAsync_ManyAtOnce_StoresOneTask()
    {
        await using var fixture = await StartAsync();
        await fixture.Store.ListAsync(new(), default);
        var adopted = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(
            i => Task.Run(() => fixture.Open("m" + i)
            .AdoptAsync("toapis", Completed("id-1", "https://a.example/1.mp4"), default))));
        Assert.Equal(["toapis:id-1"], adopted.Select(each => each.Task.RequestKey).Distinct());
        Assert.Single((await fixture.Store.ListAsync(new(), default)).Tasks);
        var task = (await fixture.Store.GetAsync("id-1")).Task;
        Assert.Equal((VideoTaskStatus.Completed, Noon, "https://a.example/1.mp4"),
            (task.Status, task.CreatedAt, task.Videos.Single().Url));
    }

    [Fact]
    public async Task AdoptAsync_KeyOfARequestMadeHere_SettlesIt_AndAKeyInUseElsewhereIsNotTaken()
    {
        await using var fixture = await StartAsync();
        await using var lease = await fixture.Store.BeginAsync("k1");
        await fixture.Store.LoseOutcomeAsync(lease.Request);
        Assert.Equal("k1", (await fixture.Store.AdoptAsync("toapis", Report("id-1") with { RequestKey = "k1" },
            default)).Task.RequestKey);
        Assert.Equal((LedgerState.Accepted, "id-1"),
            ((await fixture.Store.GetAsync("k1")).State, (await fixture.Store.GetAsync("k1")).Task.Id));
        Assert.Equal("theirs", (await fixture.Store.AdoptAsync("apimart", Report("id-2") with { RequestKey = "theirs" },
            default)).Task.RequestKey);
        Assert.Equal("apimart:id-3",
            (await fixture.Store.AdoptAsync("apimart", Report("id-3") with { RequestKey = "k1" },
            default)).Task.RequestKey);
    }

    [Fact]
    public async Task AdoptAsync_AnswerUnderAnotherId_KeepsTheIdThatWasAccepted()
    {
        await using var fixture = await StartAsync();
        await fixture.Store.AcceptAsync("k1", "id-1");
        Assert.Equal("id-1",
            (await fixture.Store.AdoptAsync("toapis", Report("alias") with { RequestKey = "k1" }, default)).Task.Id);
        Assert.Equal("toapis:id-2",
            (await fixture.Store.AdoptAsync("toapis", Report("id-2") with { RequestKey = "their\u202Ekey" },
            default)).Task.RequestKey);
        Assert.Equal("toapis:id-2 k1", await fixture.Store.KeysAsync());
    }

    [Theory]
    [InlineData("/clips/1.mp4")]
    [InlineData(null)]
    public async Task UpdateAsync_AcceptanceOfAnAdoptedTask_MergesTheTwoAndKeepsTheFiles(string? file)
    {
        await using var fixture = await StartAsync();
        await using var lease = await fixture.Store.BeginAsync("k1");
        var adopted = await fixture.Store.AdoptAsync("toapis", Completed("id-1", "https://a.example/1.mp4"), default);
        if (file is not null)
            await fixture.Store.RecordFileAsync(adopted.Task, 0, file, "ab", 5, default);

        await fixture.Store.ApplyAsync("k1", Report("id-1"));
        var task = (await fixture.Store.GetAsync("id-1")).Task;
        Assert.Equal(("k1", "a cat", VideoTaskStatus.Completed, file),
            (task.RequestKey, task.Prompt, task.Status, task.SavedPath));
        Assert.Equal("k1", await fixture.Store.KeysAsync());
    }
}
