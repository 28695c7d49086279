using OmniTools.Errors;
using OmniTools.Ledger;
using OmniTools.Tasks;
using OmniTools.Testing;
using Xunit;

namespace OmniTools.Core.Tests.Ledger;

/// <summary>What editors, crashes, full disks and other programs do to the files: nothing that was bought is forgotten over it.</summary>
public sealed class DamageTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_torn_last_line_is_dropped_said_and_written_over()
    {
        await Open().AppendAsync(Intent("k1"));
        var segment = Directory.GetFiles(folder["home/ledger"], "*.jsonl").Single();
        await File.AppendAllTextAsync(segment, """{"v":1,"event":"accepted","key":"k1","id":"vid""");

        var later = new TaskLedger(folder["home"], false, new ManualClock { AutoAdvance = true });
        Assert.Equal(["k1"], later.List(new()).Select(task => task.RequestKey));
        Assert.Contains("torn", Assert.Single(later.Warnings), StringComparison.Ordinal);
        await later.AppendAsync(Intent("k2"));
        Assert.Equal(["k2", "k1"], later.List(new()).Select(task => task.RequestKey));
        Assert.Empty(later.Warnings);
    }

    [Fact]
    public async Task A_last_line_that_lacks_only_its_line_break_stays_what_it_was_shown_as()
    {
        var ledger = Open();
        await ledger.AppendAsync(Intent("k1"));
        await ledger.AppendAsync(Accepted("k1", "id-1"));
        using (var file = File.OpenWrite(Segment()))
            file.SetLength(file.Length - 1);
        Assert.Equal("id-1", Open().Find("k1", null)!.Task.Id);

        var later = Open();
        await later.AppendAsync(summary =>
        {
            Assert.Empty(summary.State.Open);
            return Intent("k2");
        });
        Assert.Equal(["k2", "k1"], later.List(new()).Select(task => task.RequestKey));
        Assert.Equal("id-1", later.Find("k1", null)!.Task.Id);
        Assert.Empty(later.Warnings);
        Assert.Equal(3, File.ReadLines(Segment()).Count());
        Assert.Equal(["k2"], Open().Look().State.Open.Keys);
    }

    [Fact]
    public async Task An_intent_that_lacks_only_its_line_break_still_counts_for_the_day()
    {
        await Open().AppendAsync(Intent("k1"));
        await File.WriteAllTextAsync(Segment(), File.ReadLines(Segment()).Single());
        var later = Open();
        await later.AppendAsync(summary =>
        {
            Assert.Equal((1, "k1"), (summary.Today(summary.Latest).Videos, summary.State.Open.Keys.Single()));
            return null;
        });
    }

    [Fact]
    public async Task Damaged_foreign_and_newer_lines_are_passed_over_counted_and_reported()
    {
        var ledger = Open();
        await ledger.AppendAsync(Intent("k1"));
        var segment = Directory.GetFiles(ledger.Folder, "*.jsonl").Single();
        await File.AppendAllTextAsync(segment, "not json\n{\"foreign\":true}\n{\"v\":2,\"event\":{},\"key\":\"x\"}\n\0\0\0\n");
        await ledger.AppendAsync(Intent("k2"));

        Assert.Equal(["k2", "k1"], ledger.List(new()).Select(task => task.RequestKey));
        Assert.Collection(ledger.Warnings,
            damaged => Assert.StartsWith("3 damaged", damaged, StringComparison.Ordinal),
            newer => Assert.Contains("newer OmniTools", newer, StringComparison.Ordinal));
        Assert.Equal(1, ledger.Look().Newer);
    }

    [Theory]
    [InlineData("\uFEFF")]
    [InlineData("x")]
    public async Task A_damaged_first_line_of_a_task_hides_nothing_that_was_bought(string before)
    {
        var ledger = Open();
        await ledger.AppendAsync(Intent("k1"));
        await ledger.AppendAsync(Accepted("k1", "id-1"));
        await ledger.AppendAsync(Accepted("k1", "id-1") with { Event = LedgerEvent.State, Status = "completed", Videos = [new() { Url = "https://a.example/1.mp4" }] });
        await ledger.AppendAsync(new LedgerRecord { Event = LedgerEvent.Saved, Key = "k1", Id = "id-1", Index = 0, Path = "/clips/1.mp4" });
        await ledger.AppendAsync(Intent("k2"));
        await File.WriteAllTextAsync(Segment(), before + await File.ReadAllTextAsync(Segment()));

        var later = Open();
        Assert.All([later.Find("k1", null), later.Find("id-1", "toapis")], entry =>
            Assert.Equal(("k1", "id-1", LedgerState.Accepted), (entry!.Task.RequestKey, entry.Task.Id, entry.State)));
        Assert.Equal([("k2", null), ("k1", "/clips/1.mp4")], later.List(new()).Select(task => (task.RequestKey, task.SavedPath)));
        Assert.Equal(["/clips/1.mp4"], Picked("id-1").Select(records => LedgerEntry.Fold(records, false, _ => false).Task.SavedPath));
    }

    [Theory]
    [InlineData(LedgerEvent.Accepted)]
    [InlineData(LedgerEvent.Settled)]
    public async Task A_damaged_line_that_gave_the_id_makes_no_doubt_of_a_task_whose_id_stands_in_later_ones(string gave)
    {
        var ledger = Open();
        await ledger.AppendAsync(Intent("k1"));
        await ledger.AppendAsync(Accepted("k1", "id-1") with { Event = gave });
        await ledger.AppendAsync(Accepted("k1", "id-1") with { Event = LedgerEvent.State, Status = "completed", Videos = [new() { Url = "https://a.example/1.mp4" }] });
        var text = await File.ReadAllTextAsync(Segment());
        await File.WriteAllTextAsync(Segment(), text.Replace($"\"{gave}\"", $"\"{gave}", StringComparison.Ordinal));

        var later = Open();
        Assert.All([later.Find("k1", null), later.Find("id-1", "toapis")], entry =>
            Assert.Equal(("k1", "id-1", LedgerState.Accepted, VideoTaskStatus.Completed), (entry!.Task.RequestKey, entry.Task.Id, entry.State, entry.Task.Status)));
        Assert.True(Assert.Single(later.List(new() { Unsaved = true })).IsUnsaved);
        // Nor is the same content refused for ever over it.
        Assert.Null(later.Look().Twin("c", _ => false));
        Assert.Equal(1, later.Look().Today(later.Look().Latest).Videos);
    }

    [Fact]
    public async Task A_key_of_which_only_a_doubt_is_left_is_in_doubt_and_not_new()
    {
        var ledger = Open();
        await ledger.AppendAsync(new LedgerRecord { Event = LedgerEvent.Unknown, Key = "k1", Error = new() { Kind = OmniErrorKind.TimedOut, Message = "no answer", Charged = Charged.Unknown } });
        Assert.Equal(LedgerState.Unknown, ledger.Find("k1", null)!.State);
    }

    [Theory]
    [InlineData("back-up.jsonl")]
    [InlineData("2026-13.jsonl")]
    public async Task A_copy_beside_the_segments_is_none_of_them(string name)
    {
        var ledger = Open();
        await ledger.AppendAsync(Intent("k1"));
        File.Copy(Segment(), Path.Combine(ledger.Folder, name));
        await ledger.AppendAsync(Accepted("k1", "id-1"));
        Assert.Equal("id-1", Open().Find("k1", null)!.Task.Id);
        Assert.Single(Open().List(new()));
        Assert.Contains("id-1", await File.ReadAllTextAsync(Path.Combine(ledger.Folder, "2026-05.jsonl")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("79000000000000000000000000000")]
    [InlineData("-5")]
    public async Task Figures_beyond_all_sense_count_as_unknown(string estimate)
    {
        await Open().AppendAsync(Intent("k1") with { Estimate = 3 });
        foreach (var key in new[] { "x1", "x2" })
            await File.AppendAllTextAsync(Segment(), $$"""{"v":1,"at":"2026-05-20T03:23:27+00:00","event":"intent","key":"{{key}}","estimate":{{estimate}}}""" + "\n");
        Assert.Equal((3, 3m), Open().Look().Today(new DateTimeOffset(2026, 5, 20, 12, 0, 0, TimeSpan.Zero)));
    }

    [Fact]
    public void A_line_without_an_end_is_copied_a_few_times_however_long_it_is()
    {
        const int length = 64 << 20;
        var path = folder.Write("long.jsonl", new byte[length]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(length, Assert.Single(SegmentLines.Backward(path).Select(line => line.Bytes.Length)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, length, 6L * length);
    }

    [Fact]
    public async Task What_one_record_meets_takes_none_of_its_batch_with_it()
    {
        var ledger = new TaskLedger(folder["home"], false, TimeProvider.System);
        await ledger.AppendAsync(Intent("k1"));
        using ManualResetEventSlim began = new(), go = new();
        var first = Task.Run(() => ledger.AppendAsync(_ =>
        {
            began.Set();
            go.Wait();
            return Intent("k2");
        }), TestContext.Current.CancellationToken);
        began.Wait(TestContext.Current.CancellationToken);
        // Both come while the first is being written, and are one batch.
        var (refused, accepted) = (ledger.AppendAsync(_ => throw new IOException("no room")), ledger.AppendAsync(Accepted("k1", "id-1")));
        go.Set();
        var error = await Assert.ThrowsAsync<OmniException>(() => refused);
        Assert.Equal(OmniErrorKind.LedgerUnavailable, error.Kind);
        await Task.WhenAll(first, accepted);
        Assert.Equal(["k2", "k1"], Open().List(new()).Select(task => task.RequestKey));
        Assert.Equal("id-1", ledger.Find("k1", null)!.Task.Id);
        Assert.Equal(["k2"], ledger.Look().State.Open.Keys);
    }

    private IEnumerable<IReadOnlyList<LedgerRecord>> Picked(string id)
    {
        var many = Enumerable.Range(0, LedgerConstants.ManyTasks).Select(i => ($"other-{i}", "toapis")).Append((id, "toapis")).ToList();
        return new LedgerReader(new(folder["home"])).FindAll(many).Select(found => found.Records);
    }

    private TaskLedger Open() => new(folder["home"], false, new ManualClock { AutoAdvance = true });

    private string Segment() => Directory.GetFiles(folder["home/ledger"], "????-??.jsonl").Single();

    private static LedgerRecord Intent(string key) => new() { Event = LedgerEvent.Intent, Key = key, Provider = "toapis", Model = "m", Prompt = "a cat", Content = "c" };

    private static LedgerRecord Accepted(string key, string id) => new() { Event = LedgerEvent.Accepted, Key = key, Id = id, Provider = "toapis", Status = "queued" };
}
