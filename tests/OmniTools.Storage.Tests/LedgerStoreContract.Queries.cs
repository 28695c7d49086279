using static OmniTools.Storage.Tests.Samples;

namespace OmniTools.Storage.Tests;

public abstract partial class LedgerStoreContract
{
    [Fact]
    public async Task FindAsync_IdAtTwoProviders_ReturnsTheNewest()
    {
        await using var fixture = await StartAsync();
        await fixture.Store.AcceptAsync("k1", "id-1", provider: "apimart");
        fixture.Advance(TimeSpan.FromSeconds(1));
        await fixture.Store.AcceptAsync("k2", "id-1");
        fixture.Advance(TimeSpan.FromSeconds(1));
        await fixture.Store.AcceptAsync("k3", "id-3");
        Assert.Equal("k2", (await fixture.Store.GetAsync("id-1")).Task.RequestKey);
        Assert.Equal("k1", (await fixture.Store.FindAsync("id-1", "apimart", default))!.Task.RequestKey);
    }

    [Fact]
    public async Task FindManyAsync_KeysAndIds_ReturnsThoseAlone()
    {
        await using var fixture = await StartAsync();
        foreach (var i in Enumerable.Range(1, 4))
            await fixture.Store.AcceptAsync("k" + i, "id-" + i);
        var found = await fixture.Store.FindManyAsync(["k1", "id-3", "nothing"], default);
        Assert.Equal(["k1", "k3"], found.Select(each => each.Task.RequestKey).Order());
    }

    [Fact]
    public async Task ListAsync_SeveralFilters_MustAllMatch()
    {
        await using var fixture = await StartAsync();
        await fixture.Store.AcceptAsync("k1", "id-1", batch: "night");
        await fixture.Store.AcceptAsync("k2", "id-2", provider: "apimart", batch: "night");
        await fixture.Store.AcceptAsync("k3", "id-3", provider: "apimart");
        Assert.Equal("k2", await fixture.Store.KeysAsync(new() { Provider = "apimart", Batch = "night" }));
        Assert.Equal("k2", await fixture.Store.KeysAsync(new() { Batch = "night", Search = "ID-2" }));
    }

    [Fact]
    public async Task ListAsync_UnsavedBetweenSavedOnes_FillsThePageAndTellsOfTheNext()
    {
        await using var fixture = await StartAsync();
        using var folder = new TemporaryFolder();
        foreach (var i in Enumerable.Range(1, 5))
        {
            await fixture.Store.AcceptAsync("k" + i, "id-" + i);
            var task = (await fixture.Store.ApplyAsync("id-" + i,
                Completed("id-" + i, "https://a.example/1.mp4")))!.Task;
            if (i is 2 or 4)
                await fixture.Store.RecordFileAsync(task, 0, folder.Write($"{i}.mp4", [1]), "ab", 1, default);
            fixture.Advance(TimeSpan.FromSeconds(1));
        }
        var page = await fixture.Store.ListAsync(new() { Unsaved = true, Limit = 2 }, default);
        Assert.Equal(["k5", "k3"], page.Tasks.Select(task => task.RequestKey));
        Assert.Equal("k3", page.NextCursor);
        var last = await fixture.Store.ListAsync(new() { Unsaved = true, Limit = 2, Before = "k3" }, default);
        Assert.Equal(["k1"], last.Tasks.Select(task => task.RequestKey));
        Assert.Null(last.NextCursor);
    }

    [Fact]
    public async Task UpdateAsync_EachChange_IsKeptAsAnEventWithWhatItSaid()
    {
        await using var fixture = await StartAsync();
        await using var lease = await fixture.Store.BeginAsync("k1");
        fixture.Advance(TimeSpan.FromSeconds(1));
        var task = (await fixture.Store.ApplyAsync("k1", Completed("id-1", "https://a.example/1.mp4")))!.Task;
        fixture.Advance(TimeSpan.FromSeconds(1));
        await fixture.Open("there").RecordFileAsync(task, 0, "/clips/1.mp4", "ab", 5, default);
        await using var database = fixture.Connect();
        await using var session = await database.OpenAsync(isWrite: false, default);
        var events = await session.QueryAsync("SELECT kind, machine, data FROM omni_event ORDER BY at",
            row => $"{row.GetString(0)} {row.GetString(1)} {row.GetString(2)}");
        Assert.Equal(
            [
                """intended here {"attempt":1,"provider":"toapis","status":"submitting"}""",
                "accepted here " + """{"attempt":1,"provider":"toapis","task_id":"id-1","status":"completed","""
                    + "\"raw_status\":\"completed\",\"credits\":1.5}",
                "saved there " + """{"attempt":1,"provider":"toapis","task_id":"id-1","status":"completed","""
                    + "\"raw_status\":\"completed\",\"credits\":1.5,\"path\":\"/clips/1.mp4\"}",
            ], events);
    }

    [Fact]
    public async Task GetAverageDurationAsync_CompletedClipsOfTheModel_AreAveraged()
    {
        await using var fixture = await StartAsync();
        Assert.Null(await fixture.Store.GetAverageDurationAsync("toapis", "m", default));
        foreach (var (i, seconds) in new[] { (1, 60), (2, 90) })
        {
            await fixture.Store.AcceptAsync("k" + i, "id-" + i);
            await fixture.Store.ApplyAsync("id-" + i, Completed("id-" + i) with
            {
                CompletedAt = Noon.AddSeconds(seconds),
            });
        }
        await fixture.Store.AcceptAsync("k3", "id-3");
        Assert.Equal(TimeSpan.FromSeconds(75), await fixture.Store.GetAverageDurationAsync("toapis", "m", default));
        Assert.Null(await fixture.Store.GetAverageDurationAsync("toapis", "other", default));
        Assert.Null(await fixture.Store.GetAverageDurationAsync("apimart", "m", default));
    }
}
