using System.Text;
using OmniTools.Errors;
using OmniTools.Ledger;
using OmniTools.Tasks;
using OmniTools.Testing;
using Xunit;

namespace OmniTools.Core.Tests.Ledger;

/// <summary>Finding and listing: what comes out, in which order, and what is said of the rest.</summary>
public sealed class FindTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly ManualClock clock = new();
    private readonly TaskLedger ledger;

    public FindTests() => ledger = new(folder["home"], false, clock);

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("x\n", "1 damaged or foreign line in ")]
    [InlineData("x\n\ny\n", "2 damaged or foreign lines in ")]
    [InlineData("{\"v\":2}\n", "1 line in ")]
    [InlineData("{\"v\":2}\n{\"v\":3}\n", "2 lines in ")]
    [InlineData("x\n{\"v\":2}\nto", "The ledger's last line was torn", "1 damaged", "1 line in ")]
    public void What_was_passed_over_is_said_in_a_sentence_each(string segment, params string[] warnings)
    {
        Assert.Empty(ledger.Warnings);
        folder.Write("home/ledger/2026-05.jsonl", Encoding.ASCII.GetBytes(segment));
        Assert.Empty(ledger.List(new()));
        Assert.Equal(warnings.Length, ledger.Warnings.Count);
        Assert.All(warnings.Zip(ledger.Warnings), each => Assert.StartsWith(each.First, each.Second, StringComparison.Ordinal));
        var reader = new LedgerReader(new LedgerFiles(folder["home"]));
        Assert.Empty(reader.Newest());
        Assert.Empty(reader.Newest());
        Assert.Equal(ledger.Warnings, reader.Warnings);
    }

    [Theory]
    [InlineData("""{"v":1,"event":"intent","key":"k"}""", true, false)]
    [InlineData("""{"event":"intent","key":"k"}""", true, false)]
    [InlineData("""{"v":1,"event":"","key":"k"}""", false, false)]
    [InlineData("""{"v":1,"event":"intent","key":""}""", false, false)]
    [InlineData("""{"v":2,"event":"intent","key":"k"}""", false, true)]
    [InlineData("""{"event":"intent","key":"k","v":2}""", false, true)]
    [InlineData("""{"v":2,"event":{},"key":"k"}""", false, true)]
    [InlineData("""{"v":1,"event":{},"key":"k"}""", false, false)]
    [InlineData("""{"v":"2","event":{}}""", false, false)]
    [InlineData("""{"v":2.5,"event":{}}""", false, false)]
    [InlineData("""{"w":2,"event":{}}""", false, false)]
    [InlineData("""["v",2]""", false, false)]
    [InlineData("""2""", false, false)]
    [InlineData("{", false, false)]
    [InlineData("{}", false, false)]
    public void A_line_is_a_record_or_of_a_newer_format_or_damaged(string line, bool isRecord, bool isNewer)
    {
        var record = LedgerReader.Parse(Encoding.UTF8.GetBytes(line), out var newer);
        Assert.Equal((isRecord, isNewer), (record is not null, newer));
    }

    [Fact]
    public async Task A_task_is_found_by_id_and_key_under_its_provider_with_all_that_came_of_it()
    {
        await ledger.AppendAsync(Intent("k1"));
        await ledger.AppendAsync(Intent("k2") with { Provider = "apimart" });
        await ledger.AppendAsync(Accepted("k1", "same"));
        await ledger.AppendAsync(Accepted("k2", "same") with { Provider = "apimart" });
        await ledger.AppendAsync(Accepted("k2", "same") with { Event = LedgerEvent.State, Provider = "apimart", Status = "completed" });
        await ledger.AppendAsync(new LedgerRecord { Event = LedgerEvent.Unknown, Key = "k1" });
        await ledger.AppendAsync(Intent("k3"));
        await ledger.AppendAsync(new LedgerRecord { Event = LedgerEvent.Rejected, Key = "k3" });
        Assert.Equal(("k1", "k2", "k2", null), (Key("same", "toapis"), Key("same", "apimart"), Key("same", null), Key("same", "other")));
        Assert.Equal(("k1", "k2", "k3", null), (Key("k1", "toapis"), Key("k2", "apimart"), Key("k3", "toapis"), Key("k9", null)));
        Assert.Equal(VideoTaskStatus.Completed, ledger.Find("same", "apimart")!.Task.Status);

        string? Key(string handle, string? provider) => ledger.Find(handle, provider)?.Task.RequestKey;
    }

    [Fact]
    public async Task A_task_that_only_mentions_an_id_or_key_is_not_taken_for_it()
    {
        await ledger.AppendAsync(Intent("k0") with { Prompt = "k1" });
        await ledger.AppendAsync(Intent("k1") with { Prompt = "mine" });
        await ledger.AppendAsync(Intent("k2") with { Prompt = "k1" });
        await ledger.AppendAsync(Accepted("k1", "id-1"));
        await ledger.AppendAsync(Intent("k3") with { Prompt = "id-1" });
        foreach (var handle in new[] { "k1", "id-1" })
            Assert.Equal(("k1", "mine", "id-1"), ledger.Find(handle, null)!.Task is var task ? (task.RequestKey, task.Prompt, task.Id) : default);
    }

    [Fact]
    public async Task Of_a_key_used_again_only_the_last_attempt_counts()
    {
        await ledger.AppendAsync(Intent("k1") with { Prompt = "first" });
        await ledger.AppendAsync(new LedgerRecord { Event = LedgerEvent.Rejected, Key = "k1" });
        await ledger.AppendAsync(Intent("k0"));
        await ledger.AppendAsync(Intent("k1") with { Prompt = "second", Again = true });
        await ledger.AppendAsync(Accepted("k1", "id-1"));
        Assert.Equal(("second", VideoTaskStatus.Queued), (ledger.Find("k1", null)!.Task.Prompt, ledger.Find("id-1", null)!.Task.Status));
        Assert.Equal(["k1", "k0"], ledger.List(new()).Select(task => task.RequestKey));
    }

    [Fact]
    public async Task A_list_gives_what_meets_every_condition()
    {
        foreach (var (key, i) in new[] { "k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7" }.Select((key, i) => (key, i)))
        {
            await ledger.AppendAsync(Intent(key) with { Provider = i % 2 == 0 ? "toapis" : "apimart" });
            clock.Advance(TimeSpan.FromHours(1));
            await ledger.AppendAsync(Accepted(key, "id-" + key) with { Provider = null, Status = i % 4 < 2 ? "completed" : "queued", Videos = [new() { Url = "u" }] });
            if (i > 4)
                await ledger.AppendAsync(new LedgerRecord { Event = LedgerEvent.Saved, Key = key, Index = 0, Path = "/clips/1.mp4" });
        }
        var all = ledger.List(new()).ToList();
        Assert.Equal(8, all.Count);
        foreach (var provider in new[] { null, "toapis", "apimart" })
        {
            foreach (VideoTaskStatus[] statuses in new[] { [], [VideoTaskStatus.Completed], new[] { VideoTaskStatus.Completed, VideoTaskStatus.Queued }, [VideoTaskStatus.Failed] })
            {
                foreach (var unsaved in new[] { false, true })
                {
                    foreach (var before in new[] { null, "k5" })
                    {
                        var expected = all.Where(task => (provider is null || task.Provider == provider) && (statuses.Length == 0 || statuses.Contains(task.Status)) && (!unsaved || task.IsUnsaved)
                            && (before is null || string.CompareOrdinal(task.RequestKey, before) < 0));
                        Assert.Equal(expected.Select(task => task.RequestKey), ledger.List(new() { Provider = provider, Statuses = statuses, Unsaved = unsaved, Before = before }).Select(task => task.RequestKey));
                    }
                }
            }
        }
    }

    [Fact]
    public async Task A_list_since_a_time_has_what_was_asked_for_at_that_time_and_after()
    {
        var times = new List<DateTimeOffset>();
        for (var i = 0; i < 4; i++)
        {
            times.Add(clock.GetUtcNow());
            await ledger.AppendAsync(Intent($"k{i}"));
            clock.Advance(TimeSpan.FromHours(1));
        }
        Assert.Equal(["k3", "k2"], ledger.List(new() { Since = times[2] }).Select(task => task.RequestKey));
        Assert.Equal(["k3"], ledger.List(new() { Since = times[2].AddTicks(1) }).Select(task => task.RequestKey));
    }

    [Fact]
    public void Months_come_in_their_order_however_the_disk_keeps_them()
    {
        var files = new LedgerFiles(folder["home"]);
        Assert.Empty(files.Segments());
        var names = Enumerable.Range(0, 60).Select(i => $"{2020 + (i / 12)}-{(i % 12) + 1:00}.jsonl").ToList();
        foreach (var name in names.OrderByDescending(name => name[5..]))
            folder.Write("home/ledger/" + name, []);
        folder.Write("home/ledger/checkpoint.json", []);
        Assert.Equal(names, files.Segments().Select(path => Path.GetFileName(path)));
    }

    [Fact]
    public async Task A_ledger_that_cannot_be_read_is_an_error_that_names_the_folder_and_nothing_is_bought()
    {
        var files = new LedgerFiles(folder["home"]);
        folder.Write("home/ledger", [1]);
        Check(await Assert.ThrowsAsync<OmniException>(() => ledger.AppendAsync(Intent("k1"))), "written");
        File.Delete(files.Folder);

        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links that lead nowhere need rights there.");
        File.CreateSymbolicLink(files.Folder, files.Folder);
        Check(Assert.Throws<OmniException>(() => ledger.Find("k1", null)), "read");
        Check(Assert.Throws<OmniException>(ledger.Look), "read");
        File.Delete(files.Folder);

        Directory.CreateDirectory(files.Folder);
        File.CreateSymbolicLink(Path.Combine(files.Folder, "2026-05.jsonl"), folder["nowhere/segment"]);
        Check(Assert.Throws<OmniException>(() => ledger.Find("k1", null)), "read");
        Check(Assert.Throws<OmniException>(() => ledger.List(new()).Any()), "read");
        Check(Assert.Throws<OmniException>(ledger.Look), "read");
        Check(await Assert.ThrowsAsync<OmniException>(() => ledger.AppendAsync(Intent("k1"))), "written");

        void Check(OmniException error, string verb)
        {
            Assert.Equal((OmniErrorKind.LedgerUnavailable, "OMNI_HOME", files.Folder, Charged.No, false), (error.Kind, error.Field, error.Received, error.Charged, error.WasSent));
            Assert.StartsWith($"The ledger cannot be {verb}: ", error.Message, StringComparison.Ordinal);
        }
    }

    private static LedgerRecord Intent(string key) => new() { Event = LedgerEvent.Intent, Key = key, Provider = "toapis", Model = "m" };

    private static LedgerRecord Accepted(string key, string id) => new() { Event = LedgerEvent.Accepted, Key = key, Id = id, Provider = "toapis", Status = "queued" };
}
