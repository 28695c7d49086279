using System.Runtime.Versioning;
using OmniTools.Errors;
using OmniTools.Ledger;
using OmniTools.Tasks;
using OmniTools.Testing;
using Xunit;

namespace OmniTools.Core.Tests.Ledger;

public sealed class TaskLedgerTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly ManualClock clock = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_is_appended_is_found_by_a_later_process_by_id_and_by_key()
    {
        var first = Open();
        await first.AppendAsync(Intent("k1", null));
        await first.AppendAsync(Accepted("k1", "video_1"));
        var later = Open();
        Assert.Equal(VideoTaskStatus.Queued, later.Find("video_1", null)!.Task.Status);
        Assert.Equal("video_1", later.Find("k1", "toapis")!.Task.Id);
        Assert.Null(later.Find("video_1", "apimart"));
        Assert.Null(later.Find("video_", null));
    }

    [Fact]
    public async Task An_intent_is_submitting_while_it_is_under_way_and_unknown_when_nobody_works_on_it()
    {
        var (reader, writer) = (Open(), Open());
        using (var claim = writer.Claim())
        {
            await writer.AppendAsync(Intent("k1", claim.Name));
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Assert.Equal(VideoTaskStatus.Submitting, reader.Find("k1", null)!.Task.Status))));
            Assert.Equal(VideoTaskStatus.Submitting, writer.Find("k1", null)!.Task.Status);
        }
        Assert.Equal(VideoTaskStatus.Unknown, writer.Find("k1", null)!.Task.Status);
        var orphan = reader.Find("k1", null)!;
        Assert.Equal(LedgerState.Unknown, orphan.State);
        Assert.Equal(VideoTaskStatus.Unknown, orphan.Task.Status);
        Assert.Equal(Charged.Unknown, orphan.Task.Error!.Charged);
        Assert.Contains("may have been billed", orphan.Task.Error.Message, StringComparison.Ordinal);
        Assert.Contains("'k1'", orphan.Task.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_id_is_never_forgotten_again_whatever_a_slower_process_reports_later()
    {
        var ledger = Open();
        await ledger.AppendAsync(Intent("k1", null));
        await ledger.AppendAsync(Accepted("k1", "video_1"));
        foreach (var late in new[] { LedgerEvent.Unknown, LedgerEvent.Rejected, LedgerEvent.Settled })
            await ledger.AppendAsync(new LedgerRecord { Event = late, Key = "k1" });
        Assert.Equal(("video_1", LedgerState.Accepted), (ledger.Find("k1", null)!.Task.Id, ledger.Find("video_1", null)!.State));
        Assert.Equal(1, ledger.Look().Today(clock.GetUtcNow()).Videos);
    }

    [Fact]
    public async Task A_clock_a_few_minutes_behind_counts_the_day_of_the_newest_record()
    {
        clock.AdvanceTo(new DateTimeOffset(2026, 5, 21, 0, 1, 0, TimeSpan.Zero));
        await Open().AppendAsync(Intent("k1", null));
        var behind = new TaskLedger(folder["home"], false, new ManualClock(new DateTimeOffset(2026, 5, 20, 23, 58, 0, TimeSpan.Zero)) { AutoAdvance = true });
        await behind.AppendAsync(Intent("k2", null));
        var summary = behind.Look();
        Assert.Equal(2, summary.Today(summary.Now(new ManualClock())).Videos);
    }

    [Fact]
    public async Task Tasks_are_listed_newest_first_over_months_and_page_by_page()
    {
        var ledger = Open();
        for (var i = 0; i < 6; i++)
        {
            await ledger.AppendAsync(Intent($"k{i}", null));
            clock.Advance(TimeSpan.FromDays(12));
            await ledger.AppendAsync(Accepted($"k{i}", $"video_{i}"));
        }
        Assert.True(Directory.GetFiles(ledger.Folder, "*.jsonl").Length >= 3);
        Assert.Equal(["k5", "k4", "k3", "k2", "k1", "k0"], ledger.List(new()).Select(task => task.RequestKey));
        Assert.Equal(["k2", "k1"], ledger.List(new() { Before = "k3" }).Take(2).Select(task => task.RequestKey));
        Assert.All(ledger.List(new()), task => Assert.NotNull(task.Id));
    }

    [Fact]
    public async Task A_list_since_a_time_begins_with_the_first_task_asked_for_then_and_reads_no_further_back()
    {
        var ledger = Open();
        for (var i = 0; i < 4; i++)
        {
            await ledger.AppendAsync(Intent($"k{i}", null));
            clock.Advance(TimeSpan.FromDays(1));
        }
        var since = clock.GetUtcNow() - TimeSpan.FromDays(2);
        File.WriteAllText(Directory.GetFiles(ledger.Folder, "*.jsonl")[0], "no record\n" + File.ReadAllText(Directory.GetFiles(ledger.Folder, "*.jsonl")[0]));
        Assert.Equal(["k3", "k2"], ledger.List(new() { Since = since }).Select(task => task.RequestKey));
        Assert.Empty(ledger.Warnings);
    }

    [Fact]
    public async Task A_list_can_be_narrowed_to_status_provider_and_what_has_no_file_yet()
    {
        var ledger = Open();
        var path = Path.Combine(ledger.Folder, "1.mp4");
        Directory.CreateDirectory(ledger.Folder);
        await File.WriteAllTextAsync(path, "a clip", TestContext.Current.CancellationToken);
        foreach (var key in new[] { "k1", "k2" })
        {
            await ledger.AppendAsync(Intent(key, null));
            await ledger.AppendAsync(Accepted(key, "id-" + key));
            await ledger.AppendAsync(Accepted(key, "id-" + key) with { Event = LedgerEvent.State, Status = "completed", Videos = [new() { Url = "https://files.example/" + key }] });
        }
        await ledger.AppendAsync(new LedgerRecord { Event = LedgerEvent.Saved, Key = "k1", Id = "id-k1", Index = 0, Path = path, Sha256 = "ab" });
        await ledger.AppendAsync(Intent("k3", null) with { Provider = "apimart" });

        Assert.Equal(["k2"], ledger.List(new() { Unsaved = true }).Select(task => task.RequestKey));
        Assert.Equal(["k2", "k1"], ledger.List(new() { Statuses = [VideoTaskStatus.Completed] }).Select(task => task.RequestKey));
        Assert.Equal(["k3"], ledger.List(new() { Provider = "apimart" }).Select(task => task.RequestKey));
        Assert.Equal(path, ledger.Find("k1", null)!.Task.Videos[0].SavedPath);
    }

    [Fact, UnsupportedOSPlatform("windows")]
    public async Task Only_the_user_may_read_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        var ledger = Open();
        using var claim = ledger.Claim();
        await ledger.AppendAsync(Intent("k1", claim.Name));
        foreach (var file in Directory.GetFiles(ledger.Folder, "*", SearchOption.AllDirectories))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(ledger.Folder));
    }

    [Fact]
    public async Task Several_writers_at_once_lose_no_line_and_tear_none()
    {
        TaskLedger one = new(folder["home"], false, TimeProvider.System), two = new(folder["home"], false, TimeProvider.System);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => (i % 2 == 0 ? one : two).AppendAsync(Intent($"k{i}", null))));
        Assert.Equal(200, one.List(new()).Select(task => task.RequestKey).Distinct().Count());
        Assert.Empty(one.Warnings);
        Assert.Equal(200, two.Look().Today(TimeProvider.System.GetUtcNow()).Videos);
    }

    [Fact]
    public async Task A_reader_is_not_blocked_by_a_writer_that_holds_the_lock()
    {
        var ledger = Open();
        await ledger.AppendAsync(Intent("k1", null));
        using var held = new FileStream(Path.Combine(ledger.Folder, "ledger.lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        var blocked = ledger.AppendAsync(Intent("k2", null));
        Assert.NotNull(ledger.Find("k1", null));
        Assert.Single(ledger.List(new()));
        await clock.WhenWaitingAsync();
        Assert.False(blocked.IsCompleted);
        held.Dispose();
        clock.Advance(TimeSpan.FromSeconds(1));
        await blocked;
    }

    [Fact]
    public async Task A_lock_that_is_never_released_is_an_error_not_a_hang()
    {
        var automatic = new ManualClock { AutoAdvance = true };
        var ledger = new TaskLedger(folder["home"], false, automatic);
        await ledger.AppendAsync(Intent("k1", null));
        using var held = new FileStream(Path.Combine(ledger.Folder, "ledger.lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        var error = await Assert.ThrowsAsync<OmniException>(() => ledger.AppendAsync(Intent("k2", null)));
        Assert.Equal(OmniErrorKind.LedgerUnavailable, error.Kind);
    }

    [Fact]
    public async Task A_refusing_decision_appends_nothing_and_stops_nobody_else()
    {
        var ledger = Open();
        var refused = ledger.AppendAsync(_ => throw new OmniException(OmniErrorKind.LimitReached, "no"));
        var taken = ledger.AppendAsync(Intent("k1", null));
        Assert.Equal(OmniErrorKind.LimitReached, (await Assert.ThrowsAsync<OmniException>(() => refused)).Kind);
        await taken;
        Assert.Equal(["k1"], ledger.List(new()).Select(task => task.RequestKey));
    }

    [Fact]
    public async Task A_checkpoint_gives_the_same_summary_as_all_records_and_a_damaged_one_is_made_again()
    {
        {
            var ledger = Open();
            var prompt = new string('p', 20_000);
            for (var i = 0; i < 60; i++)
            {
                await ledger.AppendAsync(Intent($"k{i}", null) with { Prompt = prompt, Content = $"c{i}" });
                if (i % 3 > 0)
                    await ledger.AppendAsync(Accepted($"k{i}", $"v{i}"));
            }
        }
        var checkpoint = folder["home/ledger/checkpoint.json"];
        Assert.True(File.Exists(checkpoint));
        var expected = (60, 20);
        Assert.Equal(expected, Seen());
        await File.WriteAllTextAsync(checkpoint, "{");
        Assert.Equal(expected, Seen());
        File.Delete(checkpoint);
        Assert.Equal(expected, Seen());

        (int, int) Seen()
        {
            var ledger = Open();
            var summary = ledger.Look();
            return (summary.Today(clock.GetUtcNow()).Videos, summary.State.Open.Count);
        }
    }

    [Theory]
    [InlineData("first", "video_first")]
    [InlineData("1", "1")]
    public async Task One_id_among_many_is_found_without_parsing_the_others(string key, string handle)
    {
        var ledger = Open();
        await ledger.AppendAsync(Intent(key, null));
        await ledger.AppendAsync(Accepted(key, "video_first"));
        var segment = Directory.GetFiles(ledger.Folder, "*.jsonl").Single();
        await using (var writer = File.AppendText(segment))
        {
            for (var i = 0; i < 50_000; i++)
                await writer.WriteAsync($$"""{"v":1,"at":"2026-05-20T03:23:27+00:00","event":"accepted","key":"omni_{{i:x24}}","id":"video_{{i:x24}}","provider":"toapis","status":"queued"}{{'\n'}}""");
        }
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(key, ledger.Find(handle, null)!.Task.RequestKey);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(allocated, 0, 2_000_000);
    }

    private TaskLedger Open() => new(folder["home"], false, clock);

    private static LedgerRecord Intent(string key, string? owner) => new()
    {
        Event = LedgerEvent.Intent,
        Key = key,
        Provider = "toapis",
        Model = "gemini_omni_flash",
        Prompt = "a cat",
        Content = "c",
        Owner = owner,
    };

    private static LedgerRecord Accepted(string key, string id) =>
        new() { Event = LedgerEvent.Accepted, Key = key, Id = id, Provider = "toapis", Model = "gemini_omni_flash", Status = "queued" };
}
