using System.Diagnostics;
using OmniTools.Ledger;
using OmniTools.Tasks;
using OmniTools.Testing;
using Xunit;

namespace OmniTools.Core.Tests.Ledger;

/// <summary>Many tasks looked up together: the same answers as one by one, for the price of reading the ledger once.</summary>
public sealed class EndedTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly TaskLedger ledger;

    public EndedTests() => ledger = new(folder["home"], false, new ManualClock());

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(6, 6)]
    [InlineData(600, 600)]
    [InlineData(100, 600)]
    public async Task Many_are_found_as_each_is_found_alone(int count, int there)
    {
        await FillAsync(there);
        await ledger.AppendAsync(Record(LedgerEvent.State, 2) with { Status = "completed" });
        await ledger.AppendAsync(Record(LedgerEvent.State, 4) with { Status = "failed" });
        await ledger.AppendAsync(new LedgerRecord { Event = LedgerEvent.Saved, Key = "key-2", Id = "id-2", Provider = "toapis", Index = 0, Path = "/a.mp4", Sha256 = "00" });
        foreach (bool? again in new bool?[] { null, true })
        {
            await ledger.AppendAsync(new LedgerRecord { Event = LedgerEvent.Intent, Key = "key-x", Provider = "toapis", Model = "m", Again = again });
            await ledger.AppendAsync(new LedgerRecord { Event = LedgerEvent.Rejected, Key = "key-x" });
        }
        VideoTask[] asked = [.. Enumerable.Range(0, count).Select(i => Task(i)), Task(2) with { Id = null }, Task(2) with { Provider = "apimart" }, Task(-1), Task(0) with { Id = null, RequestKey = "key-x" }];
        var ended = ledger.Ended(asked).OrderBy(found => found.Place).ToList();
        Assert.Equal([2, 4, count, count + 3], ended.Select(found => found.Place));
        foreach (var (place, task) in ended)
            Assert.Equivalent(ledger.Find(asked[place].Handle, asked[place].Provider)!.Task, task, strict: true);
        Assert.All(asked.Index().ExceptBy(ended.Select(found => found.Place), each => each.Index), each => Assert.NotEqual(true, ledger.Find(each.Item.Handle, each.Item.Provider)?.Task.Status.IsFinal()));
    }

    [Fact]
    public async Task Ten_thousand_cost_about_what_listing_them_costs()
    {
        await FillAsync(10_000);
        VideoTask[] asked = [.. Enumerable.Range(0, 10_000).Select(i => Task(i))];
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(10_000, ledger.List(new()).Count());
        var listing = GC.GetAllocatedBytesForCurrentThread() - before;
        var began = Stopwatch.GetTimestamp();
        before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Empty(ledger.Ended(asked));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 2 * listing);
        TestContext.Current.TestOutputHelper?.WriteLine($"{Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms");
    }

    private Task FillAsync(int count) => System.Threading.Tasks.Task.WhenAll(Enumerable.Range(0, count).SelectMany(i => new[]
    {
        ledger.AppendAsync(new LedgerRecord { Event = LedgerEvent.Intent, Key = $"key-{i}", Provider = "toapis", Model = "m", Prompt = "A lighthouse in a storm at dusk, seen from the sea" }),
        ledger.AppendAsync(Record(LedgerEvent.Accepted, i)),
    }));

    private static LedgerRecord Record(string what, int i) => new() { Event = what, Key = $"key-{i}", Id = $"id-{i}", Provider = "toapis", Model = "m", Status = "queued", RawStatus = "queued" };

    private static VideoTask Task(int i) => new() { Id = $"id-{i}", RequestKey = $"key-{i}", Provider = "toapis", Status = VideoTaskStatus.Queued, CreatedAt = default };
}
