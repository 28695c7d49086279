using System.Globalization;
using OmniTools.Batches.Lists;
using OmniTools.Requests;

namespace OmniTools.Core.Tests.Batches;

/// <summary>Which rows are the same: by their cells, not by their list, position or defaults.</summary>
public sealed class BatchKeyTests
{
    private const string Header = "Prompt,Duration,Name\n";

    [Fact]
    public async Task RunBatchAsync_ListThatIsRenamedCopiedAndReordered_BuysNothingAgain()
    {
        await using var batch = await BatchFixture.StartAsync();
        batch.Write(Header + "a,6,one\nb,,two\na,6,three\n");
        Assert.Equal((0, 3), ((await batch.RunAsync()).ExitCode, batch.Server.Creates));
        batch.Write(Header + "b,,zwei\na,6,eins\na,6,drei\n", "copy.csv");
        var plan = await batch.PlanAsync(batch.Options("copy.csv"));
        Assert.Equal((0, 3, 3), (plan.Videos, plan.Saved, plan.BoughtElsewhere["shots"]));
        Assert.Contains("3 already bought by list shots", plan.ToString());
        var copy = await batch.RunAsync(batch.Options("copy.csv"));
        Assert.True(copy.HadNothingToDo);
        // The case of column names, spaces around cells and the format do not matter.
        batch.Write("""[{"prompt":" a ","DURATION":6},{"Prompt":"b"}]""", "shots.json");
        Assert.Equal(0, (await batch.RunAsync(batch.Options("shots.json"))).ExitCode);
        Assert.Equal(3, batch.Server.Creates);
    }

    [Fact]
    public async Task RunBatchAsync_RowsInsertedDuplicatedDeletedAndEdited_BuysOnlyWhatIsNew()
    {
        await using var batch = await BatchFixture.StartAsync();
        batch.Write(Header + "a,6,\nb,6,\nb,6,\n");
        await batch.RunAsync();
        Assert.Equal(3, batch.Server.Creates);
        batch.Write(Header + "new,6,\na,6,\nb,6,\n");
        await batch.RunAsync();
        Assert.Equal(4, batch.Server.Creates);
        // One of the two equal rows was removed and is back.
        batch.Write(Header + "b,6,\nb,6,\na,6,\n");
        Assert.True((await batch.RunAsync()).HadNothingToDo);
        batch.Write(Header + "b,6,\nb,6,\nb,6,\na,10,\n");
        var plan = await batch.PlanAsync();
        Assert.Equal((2, 2, 2), (plan.Videos, plan.NewRows, plan.GoneRows));
        await batch.RunAsync();
        Assert.Equal(6, batch.Server.Creates);
        Assert.All(batch.Server.CreatesByKey.Values, count => Assert.Equal(1, count));
    }

    [Fact]
    public async Task RunBatchAsync_ChangedDefaultsAndCulture_BuyNothingAgain()
    {
        await using var toapis = await LoopbackProvider.StartAsync(Contract.ToApis);
        await using var batch = await BatchFixture.StartAsync(Contract.ApiMart);
        batch.Write("Prompt,Image\na cat,https://a.example/1.png\nIİı,\n");
        await batch.RunAsync();
        var settings = TestSettings.For(batch.Server.Folder, toapis, batch.Server);
        await using var other = batch.NewProcess(settings with
        {
            Providers =
                settings.Providers.ToDictionary(each => each.Key, each => each.Value with { Model = "another-model" }),
        });
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("tr-TR");
            Assert.True((await batch.RunAsync(client: other)).HadNothingToDo);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
        Assert.Equal((2, 0), (batch.Server.Creates, toapis.Creates));
    }

    [Fact]
    public async Task RunBatchAsync_NewTakes_BuysOnceMoreForThisListAndNeverAgain()
    {
        await using var batch = await BatchFixture.StartAsync();
        batch.WriteRows(2);
        await batch.RunAsync();
        batch.Write(File.ReadAllText(batch.List), "takes.csv");
        var options = batch.Options("takes.csv") with { NewTakes = true };
        Assert.Equal(2, (await batch.RunAsync(options)).Bought);
        Assert.True((await batch.RunAsync(options)).HadNothingToDo);
        Assert.True((await batch.RunAsync(batch.Options("takes.csv"))).HadNothingToDo);
        Assert.Equal(4, batch.Server.Creates);
    }

    [Fact]
    public async Task PlanBatchAsync_KeyThatWasBoughtWithOtherCells_IsInvalidAndShowsBoth()
    {
        await using var batch = await BatchFixture.StartAsync();
        batch.WriteRows(2);
        await batch.RunAsync();
        batch.Write("Prompt,RequestKey\na clip 1,shot-1\nsomething else,shot-2\n");
        var invalid = Assert.Single((await batch.PlanAsync()).Invalid);
        Assert.Contains("'shot-2' was bought for 'a clip 2', 16:9, 6 s", invalid.Reason);
        Assert.Contains("the row asks for 'something else'", invalid.Reason);
        // This clip was bought by another command.
        await batch.Client.SubmitAsync(new() { Prompt = "alone", RequestKey = "k1" }, null, BatchFixture.Stop);
        batch.Write("Prompt,RequestKey\nalone,k1\n", "same.csv");
        Assert.Empty((await batch.PlanAsync(batch.Options("same.csv"))).Invalid);
        batch.Write("Prompt,Duration,RequestKey\nalone,10,k1\n", "other.csv");
        Assert.Single((await batch.PlanAsync(batch.Options("other.csv"))).Invalid);
    }

    [Fact]
    public void Create_AnyKey_IsValidAndUnique()
    {
        var longest = new string('k', BatchKey.MaximumLength);
        var keys = new[] { "k", longest, longest[..^1] + "x", BatchKey.Create(new string('a', 64), 12345) }
            .SelectMany(key => new[] { key, BatchKey.CreateNewTake(key, "shots") })
            .SelectMany(key => Enumerable.Repeat(0, 12).Aggregate(new List<string> { key },
                (attempts, _) => [.. attempts, BatchKey.CreateNextRetry(attempts[^1])]))
            .ToList();
        Assert.All(keys, RequestKey.Validate);
        Assert.Equal(keys.Count, keys.Distinct().Count());
        Assert.Equal("k:retry-3", BatchKey.CreateNextRetry("k:retry-2"));
        // Keys must never change: a later version has to find what an earlier one bought.
        var list = new BatchList(["Prompt", "Duration"], [new(1, ["a cat", "6"])]);
        Assert.Equal("row1-94b05dbf960bf8d899c6ce8b35a0ebe7-1",
            BatchKey.Create(BatchKey.Hash(list, list.Rows[0], "RequestKey"), 1));
    }
}
