using OmniTools.Requests;
using OmniTools.Storage.Sql;
using OmniTools.VideoTasks;
using static OmniTools.Storage.Tests.Samples;

namespace OmniTools.Storage.Tests;

public abstract partial class LedgerStoreContract
{
    [Fact]
    public async Task RecordFileAsync_SeveralMachines_EachSeesItsOwnFileElseAnotherOnes()
    {
        await using var fixture = await StartAsync();
        await fixture.Store.AcceptAsync("k1", "id-1");
        var task = (await fixture.Store.ApplyAsync("id-1",
            Completed("id-1", "https://a.example/1.mp4", "https://a.example/2.mp4")))!.Task;
        var there = fixture.Open("there");
        Assert.Equal("k1", await there.KeysAsync(new() { Unsaved = true }));
        await fixture.Store.RecordFileAsync(task, 0, "/here/1.mp4", "ab", 5, default);
        Assert.Equal("k1", await there.KeysAsync(new() { Unsaved = true }));
        await fixture.Store.RecordFileAsync(task, 1, "/here/2.mp4", "cd", 5, default);
        Assert.Equal("", await there.KeysAsync(new() { Unsaved = true }));

        var video = (await there.GetAsync("id-1")).Task.Videos[0];
        Assert.Equal(("/here/1.mp4", "here", "ab"), (video.SavedPath, video.SavedOn, video.Sha256));
        await there.RecordFileAsync(task, 0, "/old/1.mp4", "ab", 5, default);
        await there.RecordFileAsync(task, 0, "/there/1.mp4", "ab", 5, default);
        Assert.Equal([("/there/1.mp4", null), ("/here/2.mp4", "here")],
            (await there.GetAsync("id-1")).Task.Videos.Select(each => (each.SavedPath, each.SavedOn)));
        Assert.Equal(("/here/1.mp4", null),
            (await fixture.Store.GetAsync("id-1")).Task.Videos[0] is var mine
                ? (mine.SavedPath, mine.SavedOn) : default);
        // A fresh URL does not forget the file.
        await there.ApplyAsync("id-1", Completed("id-1", "https://a.example/3.mp4", "https://a.example/4.mp4"));
        Assert.Equal(("https://a.example/3.mp4", "/here/1.mp4"),
            (await fixture.Store.GetAsync("id-1")).Task.Videos[0] is var fresh
                ? (fresh.Url, fresh.SavedPath) : default);
        await fixture.Store.RecordFileAsync(task with { Id = "gone", RequestKey = "gone" }, 0, "/x", "ab", 5, default);
    }

    [Fact]
    public async Task ListAsync_FiltersAndPages_NewestFirst()
    {
        await using var fixture = await StartAsync();
        foreach (var i in Enumerable.Range(1, 6))
        {
            await fixture.Store.AcceptAsync("k" + i, "id-" + i, i % 2 == 0 ? "a Cät, 100% 'real'_x" : "a dog",
                i < 3 ? "apimart" : "toapis", i > 4 ? "night" : null);
            fixture.Advance(TimeSpan.FromSeconds(1));
        }
        var second = (await fixture.Store.GetAsync("k2")).LastSentAt;
        await fixture.Store.ApplyAsync("k3", Completed("id-3"));

        Assert.Equal("k6 k5 k4 k3 k2 k1", await fixture.Store.KeysAsync());
        Assert.Equal("k2 k1", await fixture.Store.KeysAsync(new() { Provider = "apimart" }));
        Assert.Equal("k3",
            await fixture.Store.KeysAsync(new() { Statuses = [VideoTaskStatus.Completed, VideoTaskStatus.Failed] }));
        Assert.Equal("k6 k5", await fixture.Store.KeysAsync(new() { Batch = "night" }));
        Assert.Equal("k6 k5 k4 k3 k2", await fixture.Store.KeysAsync(new() { Since = second }));
        foreach (var text in new[] { "cÄT", "100% 'REAL'_x" })
            Assert.Equal("k6 k4 k2", await fixture.Store.KeysAsync(new() { Search = text }));
        Assert.Equal("k5", await fixture.Store.KeysAsync(new() { Search = "ID-5" }));
        Assert.Equal("k5", await fixture.Store.KeysAsync(new() { Search = "K5" }));
        Assert.Equal("", await fixture.Store.KeysAsync(new() { Search = "a%g" }));

        var page = await fixture.Store.ListAsync(new() { Limit = 4 }, default);
        Assert.Equal(("k3", 4), (page.NextCursor, page.Tasks.Count));
        var last = await fixture.Store.ListAsync(new() { Limit = 4, Before = page.NextCursor }, default);
        Assert.Equal((null, "k2 k1"), (last.NextCursor, string.Join(" ", last.Tasks.Select(task => task.RequestKey))));
        Assert.Empty(last.Warnings);
    }

    [Fact]
    public async Task UpdateAsync_TextThatADatabaseCannotStore_IsRecordedAllTheSame()
    {
        await using var fixture = await StartAsync();
        await using var lease = await fixture.Store.BeginAsync("k1", "a \0 cat \ud83d\ude00 \ud83d");
        await fixture.Store.ApplyAsync("k1",
            Report("id-1") with { RawStatus = "od\0d\udc00", Error = No with { Message = "n\0" } });
        var task = (await fixture.Store.GetAsync("id-1")).Task;
        Assert.Equal(("a \uFFFD cat \ud83d\ude00 \uFFFD", "od\uFFFDd\uFFFD"), (task.Prompt, task.RawStatus));
    }

    [Fact]
    public async Task FindManyAsync_MoreThanOneQueryTakes_FindsAll()
    {
        await using var fixture = await StartAsync();
        foreach (var i in Enumerable.Range(0, 3))
            await fixture.Store.AcceptAsync("k" + i, "id-" + i);
        var handles = Enumerable.Range(3, 1200).Select(i => "k" + i).Concat(["k0", "id-1", "id-2"]).ToList();
        Assert.Equal(["k0", "k1", "k2"],
            (await fixture.Store.FindManyAsync(handles, default)).Select(each => each.Task.RequestKey).Order());
    }

    [Fact]
    public async Task GetAverageDurationAsync_IsThatOfTheModelsCompletedClips()
    {
        await using var fixture = await StartAsync();
        Assert.Null(await fixture.Store.GetAverageDurationAsync("toapis", "m", default));
        foreach (var i in new[] { 1, 2, 3 })
        {
            await fixture.Store.AcceptAsync("k" + i, "id-" + i);
            await fixture.Store.ApplyAsync("id-" + i,
                Completed("id-" + i) with { CompletedAt = Noon.AddSeconds(60 * i) });
        }
        Assert.Equal(TimeSpan.FromSeconds(120), await fixture.Store.GetAverageDurationAsync("toapis", "m", default));
        Assert.Null(await fixture.Store.GetAverageDurationAsync("apimart", "m", default));
    }

    [Fact]
    public async Task FindCompletedAsync_ReturnsCompletedRequestsOfTheSameLengthAndResolution()
    {
        await using var fixture = await StartAsync();
        foreach (var (i, credits) in new[] { (1, 7m), (2, 8m) })
        {
            await fixture.Store.AcceptAsync("k" + i, "id-" + i);
            await fixture.Store.ApplyAsync("id-" + i, Completed("id-" + i) with { Credits = credits, Cost = null });
            fixture.Advance(TimeSpan.FromSeconds(1));
        }
        await fixture.Store.AcceptAsync("k3", "id-3");

        var paid = await fixture.Store.FindCompletedAsync("toapis", "m", 8, "720p", default);

        Assert.Equal([8, 7], paid.Select(clip => clip.Task.Credits));
        Assert.All(paid, clip => Assert.Equal("task-0", clip.Sent!.Request.ExtendFrom));
        Assert.Empty(await fixture.Store.FindCompletedAsync("toapis", "m", 6, "720p", default));
        Assert.Empty(await fixture.Store.FindCompletedAsync("toapis", "m", 8, null, default));
        Assert.Empty(await fixture.Store.FindCompletedAsync("toapis", "m", null, "720p", default));
        Assert.Empty(await fixture.Store.FindCompletedAsync("apimart", "m", 8, "720p", default));
    }

    [Fact]
    public async Task FindAsync_KeepsEveryFieldOfTheRequest()
    {
        await using var fixture = await StartAsync();
        var request = new VideoRequest
        {
            NegativePrompt = "rain",
            Images = ["https://a.example/1.png"],
            FirstFrame = "https://a.example/2.png",
            LastFrame = "https://a.example/3.png",
            Videos = ["https://a.example/1.mp4", "https://a.example/2.mp4"],
            Audio = false,
            Seed = long.MaxValue,
            Options = RequestOptions.Parse(
                """{"metadata.task":"edit","shots":[{"index":1,"length":2.50}],"watermark":false}"""),
        };
        var intent = Intent("k1") with { Sent = Intent("k1").Sent! with { Request = request } };
        await using (await fixture.Store.TryBeginAsync(intent, null, _ => { }, default))
        {
            var stored = (await fixture.Store.GetAsync("k1")).Sent!.Request;
            Assert.Equal(System.Text.Json.JsonSerializer.Serialize(request, StorageJson.Default.VideoRequest),
                System.Text.Json.JsonSerializer.Serialize(stored, StorageJson.Default.VideoRequest));
            Assert.Equal((2, 3, "2.50"),
                (stored.Videos.Count, stored.Options.Count,
                stored.Options["shots"][0].GetProperty("length").GetRawText()));
        }
    }
}
