using System.Text;
using OmniTools.Ledger;
using OmniTools.Testing;
using Xunit;

namespace OmniTools.Core.Tests.Ledger;

/// <summary>The checkpoint is believed where it fits the segments, and made again everywhere else.</summary>
public sealed class CheckpointTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 20, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder folder = new();
    private readonly LedgerFiles files;

    public CheckpointTests() => files = new(folder["home"]);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_is_written_comes_back_whole()
    {
        files.Create();
        folder.Write("home/ledger/2026-05.jsonl", "0123456\n"u8.ToArray());
        var snapshot = Snapshot();
        Assert.True(LedgerCheckpoint.TryWrite(files, new(snapshot)));
        Assert.Equivalent(snapshot, LedgerCheckpoint.Read(files)!.State, strict: true);
        snapshot.Newer = 9;
        Assert.True(LedgerCheckpoint.TryWrite(files, new(snapshot)));
        Assert.Equal(9, LedgerCheckpoint.Read(files)!.Newer);
        Assert.Equal(["2026-05.jsonl", "checkpoint.json"], Directory.GetFiles(files.Folder).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("01234567")]
    [InlineData("0123456")]
    [InlineData("0123\n56")]
    [InlineData("01234567\n")]
    [InlineData("012345\n")]
    [InlineData("")]
    [InlineData(null)]
    public void One_that_does_not_end_at_the_end_of_a_line_is_not_believed(string? segment)
    {
        files.Create();
        if (segment is not null)
            folder.Write("home/ledger/2026-05.jsonl", Encoding.ASCII.GetBytes(segment));
        LedgerCheckpoint.TryWrite(files, new(Snapshot()));
        Assert.Null(LedgerCheckpoint.Read(files));
    }

    [Fact]
    public void One_that_cannot_be_written_costs_time_only()
    {
        Directory.CreateDirectory(files.Checkpoint);
        Assert.False(LedgerCheckpoint.TryWrite(files, new(Snapshot())));
        Assert.Null(LedgerCheckpoint.Read(files));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"version":2}""")]
    [InlineData("""{"version":"1"}""")]
    [InlineData("""{"version":1,"segment":"s","offset":1,"latest":"yesterday"}""")]
    [InlineData("""{"version":1,"segment":"s","offset":1.5}""")]
    [InlineData("""{"version":1,"segment":"s","offset":1,"latest":"2026-05-20T12:00:00+00:00","newer":0,"damaged":0,"day":"20 May"}""")]
    [InlineData("""{"version":1,"segment":"s","offset":1,"latest":"2026-05-20T12:00:00+00:00","newer":0,"damaged":0,"day":null}""")]
    public void A_file_of_another_shape_is_none(string file) => Assert.Null(SnapshotJson.Read(Encoding.UTF8.GetBytes(file)));

    [Fact]
    public void One_of_another_version_is_none()
    {
        using var file = new MemoryStream();
        SnapshotJson.Write(file, Snapshot());
        var text = Encoding.UTF8.GetString(file.ToArray());
        Assert.NotNull(SnapshotJson.Read(Encoding.UTF8.GetBytes(text)));
        Assert.Null(SnapshotJson.Read(Encoding.UTF8.GetBytes(text.Replace("\"version\":1", "\"version\":2", StringComparison.Ordinal))));
    }

    [Fact]
    public void One_that_names_no_file_is_none()
    {
        files.Create();
        LedgerCheckpoint.TryWrite(files, new(new() { Segment = "a\0b", Offset = 1 }));
        Assert.Null(LedgerCheckpoint.Read(files));
    }

    [Fact]
    public async Task A_new_process_reads_only_what_came_after_and_writes_a_new_one_when_that_was_much()
    {
        var ledger = new TaskLedger(folder["home"], false, TimeProvider.System);
        await ledger.AppendAsync(new LedgerRecord { Event = LedgerEvent.Intent, Key = "k1", Prompt = new string('p', 600_000) });
        // It is written after the record, while its caller goes on already; the next append comes behind it.
        await ledger.AppendAsync(_ => null);
        var read = LedgerCheckpoint.Read(files)!;
        Assert.Equal((1, new FileInfo(files.Segments().Single()).Length), (read.State.Open.Count, read.State.Offset));
        // A trace in the checkpoint shows who believes it.
        read.State.Newer = 5;
        LedgerCheckpoint.TryWrite(files, read);
        var believing = new TaskLedger(folder["home"], false, TimeProvider.System);
        Assert.Equal(5, believing.Look().Newer);
        await believing.AppendAsync(Of(5));
        read.State.Newer = 6;
        LedgerCheckpoint.TryWrite(files, read);
        // Who has it in mind reads it no more.
        await believing.AppendAsync(Of(5));

        File.Delete(files.Checkpoint);
        var later = new TaskLedger(folder["home"], false, TimeProvider.System);
        await later.AppendAsync(new LedgerRecord { Event = LedgerEvent.Intent, Key = "k2" });
        await later.AppendAsync(_ => null);
        Assert.Equal(2, LedgerCheckpoint.Read(files)!.State.Open.Count);

        static Func<LedgerSummary, LedgerRecord?> Of(int newer) => summary =>
        {
            Assert.Equal(newer, summary.Newer);
            return null;
        };
    }

    [Fact]
    public async Task A_small_ledger_needs_none()
    {
        folder.Write("home/ledger/2020-01.jsonl", Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("{\"v\":2}\n", 2000))));
        var ledger = new TaskLedger(folder["home"], false, TimeProvider.System);
        await ledger.AppendAsync(new LedgerRecord { Event = LedgerEvent.Intent, Key = "k1" });
        await ledger.AppendAsync(_ => null);
        Assert.False(File.Exists(files.Checkpoint));
    }

    [Fact]
    public async Task A_segment_that_became_shorter_is_read_again_from_its_beginning_and_an_empty_one_is_no_trouble()
    {
        folder.Write("home/ledger/2020-01.jsonl", []);
        var ledger = new TaskLedger(folder["home"], false, TimeProvider.System);
        await ledger.AppendAsync(new LedgerRecord { Event = LedgerEvent.Intent, Key = "k1" });
        var whole = await File.ReadAllBytesAsync(files.Segments()[^1], TestContext.Current.CancellationToken);
        await ledger.AppendAsync(new LedgerRecord { Event = LedgerEvent.Intent, Key = "k2" });
        await File.WriteAllBytesAsync(files.Segments()[^1], whole, TestContext.Current.CancellationToken);
        await ledger.AppendAsync(summary =>
        {
            Assert.Equal(["k1"], summary.State.Open.Keys);
            return null;
        });
    }

    [Fact]
    public void Lines_that_cannot_be_read_are_counted_once_each()
    {
        folder.Write("home/ledger/2020-01.jsonl", "x\ny\n{\"v\":2}\n"u8.ToArray());
        folder.Write("home/ledger/2020-02.jsonl", "z\n{\"v\":2}\n{\"v\":2}\n"u8.ToArray());
        var state = new TaskLedger(folder["home"], false, TimeProvider.System).Look().State;
        Assert.Equal((3, 3, "2020-02.jsonl", 18L), (state.Newer, state.Damaged, state.Segment, state.Offset));
    }

    private static LedgerSummary.Snapshot Snapshot() => new()
    {
        Segment = "2026-05.jsonl",
        Offset = 8,
        Latest = Noon,
        Newer = 1,
        Damaged = 2,
        Day = new(2026, 5, 20),
        Open = { ["k1"] = new("c", "o", "toapis/m", Noon, true), ["k2"] = new(null, null, "toapis/m", Noon, false) },
        Claims = { ["k1"] = new(10.5m), ["k2"] = new(null) },
        Prices = { ["toapis/m"] = 12 },
        Seconds = { ["toapis/m"] = 80.5 },
    };
}
