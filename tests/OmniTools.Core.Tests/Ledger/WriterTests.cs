using System.Text;
using OmniTools.Ledger;
using OmniTools.Testing;
using Xunit;

namespace OmniTools.Core.Tests.Ledger;

/// <summary>Writers beside readers, other writers and months.</summary>
public sealed class WriterTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly LedgerFiles files;

    public WriterTests() => files = new(folder["home"]);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Whoever_reads_or_writes_stops_nobody_else_who_reads()
    {
        var ledger = new TaskLedger(folder["home"], false, TimeProvider.System);
        await ledger.AppendAsync(Intent("k1"));
        await ledger.AppendAsync(Intent("k2"));
        using var list = ledger.List(new()).GetEnumerator();
        Assert.True(list.MoveNext());
        await ledger.AppendAsync(Intent("k3"));
        using var found = new LedgerReader(files).Newest(() => "\"k1\""u8.ToArray()).GetEnumerator();
        Assert.True(found.MoveNext());
        await ledger.AppendAsync(Intent("k4"));
        using (LedgerFiles.Open(files.Segments().Single(), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete))
        {
            Assert.Equal("k1", ledger.Find("k1", null)!.First.Key);
            Assert.Equal(4, ledger.List(new()).Count());
            Assert.Equal(4, ledger.Look().State.Open.Count);
            Assert.True(LedgerCheckpoint.TryWrite(files, ledger.Look()));
            Assert.NotNull(LedgerCheckpoint.Read(files));
        }
    }

    [Fact]
    public async Task A_lock_that_another_process_holds_is_tried_again_within_25_milliseconds()
    {
        var clock = new ManualClock();
        files.Create();
        using var held = LedgerFiles.Open(files.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        var append = new TaskLedger(folder["home"], false, clock).AppendAsync(Intent("k1"));
        var pauses = new List<double>();
        for (var i = 0; i < 8; i++)
        {
            await clock.WhenWaitingAsync();
            var due = clock.NextDue!.Value;
            pauses.Add((due - clock.GetUtcNow()).TotalMilliseconds);
            clock.AdvanceTo(due);
        }
        await clock.WhenWaitingAsync();
        held.Dispose();
        clock.Advance(TimeSpan.FromSeconds(1));
        await append;
        Assert.Equal([1, 2, 4, 8, 16, 25, 25, 25], pauses);
    }

    [Fact]
    public async Task Who_waits_in_one_process_waits_for_one_lock()
    {
        var clock = new ManualClock();
        files.Create();
        using var held = LedgerFiles.Open(files.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        var ledger = new TaskLedger(folder["home"], false, clock);
        var appends = Enumerable.Range(0, 5).Select(i => ledger.AppendAsync(Intent($"k{i}"))).ToList();
        await clock.WhenWaitingAsync();
        Assert.Equal(1, clock.Waiting);
        held.Dispose();
        clock.Advance(TimeSpan.FromSeconds(1));
        await Task.WhenAll(appends);
        Assert.Equal(["k4", "k3", "k2", "k1", "k0"], ledger.List(new()).Select(task => task.RequestKey));
    }

    [Fact]
    public async Task However_many_follow_each_other_under_one_lock_none_is_forgotten()
    {
        var ledger = new TaskLedger(folder["home"], false, TimeProvider.System);
        var last = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Append(0);
        await last.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Equal(40, ledger.List(new()).Count());

        // Each comes while the one before is being written.
        void Append(int i) => _ = ledger.AppendAsync(_ =>
        {
            if (i == 40)
            {
                last.SetResult();
                return null;
            }
            Append(i + 1);
            return Intent($"k{i}");
        });
    }

    [Fact]
    public async Task A_process_that_never_stops_writing_leaves_the_others_their_turns()
    {
        TaskLedger busy = new(folder["home"], false, TimeProvider.System), other = new(folder["home"], false, TimeProvider.System);
        var (written, turns, isOver) = (0, 0, false);
        var last = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Append();
        try
        {
            for (; turns < 3; turns++)
                await other.AppendAsync(Intent($"other{turns}")).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        }
        finally
        {
            Volatile.Write(ref isOver, true);
            await last.Task;
        }
        Assert.Equal(written + turns, other.List(new()).Count());

        // Each comes while the one before is being written.
        void Append() => _ = busy.AppendAsync(_ =>
        {
            if (Volatile.Read(ref isOver))
            {
                last.SetResult();
                return null;
            }
            Append();
            return Intent($"busy{written++}");
        });
    }

    [Fact]
    public async Task Who_appends_has_its_thread_back_while_others_go_on()
    {
        var ledger = new TaskLedger(folder["home"], false, TimeProvider.System);
        var (isOver, last) = (false, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        // Would never come back if it wrote for the others until there are none.
        var call = Task.Run(() =>
        {
            _ = ledger.AppendAsync(_ =>
            {
                Others();
                return Intent("mine");
            });
        }, TestContext.Current.CancellationToken);
        try
        {
            await call.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        }
        finally
        {
            Volatile.Write(ref isOver, true);
            await last.Task;
        }

        void Others() => _ = ledger.AppendAsync(_ =>
        {
            if (Volatile.Read(ref isOver))
                last.SetResult();
            else
                Others();
            return Intent("other");
        });
    }

    [Fact]
    public async Task What_goes_wrong_elsewhere_is_not_called_the_disks_trouble_and_stops_no_later_append()
    {
        var ledger = new TaskLedger(folder["home"], false, TimeProvider.System);
        await Assert.ThrowsAsync<NotImplementedException>(() => ledger.AppendAsync(_ => throw new NotImplementedException("a decision that breaks")));
        await ledger.AppendAsync(Intent("k2"));
        Assert.Equal(["k2"], ledger.List(new()).Select(task => task.RequestKey));
    }

    [Fact]
    public async Task Nothing_is_written_into_an_older_month_than_the_newest()
    {
        folder.Write("home/ledger/2026-07.jsonl", "damaged\n"u8.ToArray());
        var clock = new ManualClock(new DateTimeOffset(2026, 5, 31, 23, 0, 0, TimeSpan.Zero)) { AutoAdvance = true };
        var ledger = new TaskLedger(folder["home"], false, clock);
        await ledger.AppendAsync(Intent("k1"));
        Assert.Equal(["2026-07.jsonl"], files.Segments().Select(Path.GetFileName));
        clock.Advance(TimeSpan.FromDays(62));
        await ledger.AppendAsync(Intent("k2"));
        Assert.Equal(["2026-07.jsonl", "2026-08.jsonl"], files.Segments().Select(Path.GetFileName));
        Assert.Equal(["k2", "k1"], ledger.List(new()).Select(task => task.RequestKey));
        Assert.Equal(2, ledger.Look().State.Open.Count);
    }

    [Fact]
    public async Task A_writer_sees_what_others_wrote_meanwhile_in_whichever_month()
    {
        var clock = new ManualClock(new DateTimeOffset(2026, 5, 31, 23, 0, 0, TimeSpan.Zero)) { AutoAdvance = true };
        TaskLedger one = new(folder["home"], false, clock), two = new(folder["home"], false, clock);
        for (var i = 0; i < 3; i++)
        {
            await one.AppendAsync(Intent($"a{i}"));
            await one.AppendAsync(Intent($"b{i}"));
            clock.Advance(TimeSpan.FromDays(31));
            await two.AppendAsync(summary =>
            {
                Assert.Equal(3 * i + 2, summary.State.Open.Count);
                return Intent($"c{i}");
            });
        }
        Assert.Equal(9, one.Look().State.Open.Count);
        Assert.Equal(9, one.List(new()).Count());
    }

    [Theory]
    [InlineData("omni_0A-9.b:c")]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\"b\\c")]
    [InlineData("Ä 灯台 😀")]
    [InlineData("a/b+c<d>&'\t\u0007")]
    public async Task Any_key_is_found_as_it_stands_in_its_line(string text)
    {
        var line = Encoding.UTF8.GetString(RecordWriter.Line(Intent("k") with { Id = text }).Span);
        Assert.Contains("\"id\":" + Encoding.UTF8.GetString(RecordWriter.Text(text)) + ",", line, StringComparison.Ordinal);
        var ledger = new TaskLedger(folder["home"], false, TimeProvider.System);
        await ledger.AppendAsync(Intent("k" + text));
        Assert.NotNull(ledger.Find("k" + text, null));
    }

    private static LedgerRecord Intent(string key) => new() { Event = LedgerEvent.Intent, Key = key, Provider = "toapis", Model = "m" };
}
