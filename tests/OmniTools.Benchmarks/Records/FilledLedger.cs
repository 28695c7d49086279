using OmniTools.Ledger;
using OmniTools.Tasks;

namespace OmniTools.Benchmarks.Records;

/// <summary>A ledger as years of use leave it: four records a task (intent, accepted, completed, saved), spread over a month.</summary>
internal sealed class FilledLedger(int records) : IDisposable
{
    private const int RecordsOfTask = 4;
    private const string Model = "gemini_omni_flash";
    private static readonly TimeSpan Month = TimeSpan.FromDays(29);
    private const string Sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    public string Home { get; } = Directory.CreateTempSubdirectory("omnitools-ledger-").FullName;

    /// <summary>The one segment: a reader of the whole file has as much to read as a reader of the ledger.</summary>
    public string Segment => Path.Combine(Home, "ledger", "2026-01.jsonl");

    public int Tasks => records / RecordsOfTask;

    /// <summary>The id of a task, counted from the oldest.</summary>
    public static string IdOf(int number) => $"task_{number:0000000}_7f3a9c51d2e84b60";

    public async Task FillAsync()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Segment)!);
        var end = new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
        await using (var file = File.Create(Segment))
        {
            for (var number = 0; number < Tasks; number++)
            {
                foreach (var record in RecordsAt(number, end - ((Tasks - number) * (Month / Tasks))))
                    file.Write(RecordWriter.Line(record).Span);
            }
        }
        // What a process leaves that wrote the last of them: the checkpoint of the whole.
        var ledger = new TaskLedger(Home, isSandbox: false, TimeProvider.System);
        await ledger.AppendAsync(_ => null);
    }

    public void Dispose() => Directory.Delete(Home, recursive: true);

    private static IEnumerable<LedgerRecord> RecordsAt(int number, DateTimeOffset at)
    {
        var (key, id) = ($"omni_{at.ToUnixTimeMilliseconds():x12}{number:x20}", IdOf(number));
        yield return new()
        {
            At = at,
            Event = LedgerEvent.Intent,
            Key = key,
            Provider = "toapis",
            Model = Model,
            AspectRatio = "16:9",
            Duration = 8,
            Resolution = "720p",
            Prompt = $"A lighthouse in a storm at dusk, seen from the sea, slow push in, number {number}",
            Content = Sha256,
            Body = Sha256,
            Owner = new string('0', 32),
        };
        yield return new() { At = at.AddSeconds(1), Event = LedgerEvent.Accepted, Key = key, Id = id, Provider = "toapis", Model = Model, Status = "queued", RawStatus = "queued", CreatedAt = at };
        yield return new()
        {
            At = at.AddSeconds(60),
            Event = LedgerEvent.State,
            Key = key,
            Id = id,
            Provider = "toapis",
            Model = Model,
            Status = "completed",
            RawStatus = "completed",
            Progress = 100,
            CreatedAt = at,
            CompletedAt = at.AddSeconds(60),
            Videos = [new VideoResult { Url = $"https://files.example.com/{id}.mp4" }],
        };
        yield return new() { At = at.AddSeconds(70), Event = LedgerEvent.Saved, Key = key, Id = id, Provider = "toapis", Index = 0, Path = $"/home/someone/Videos/OmniTools/2026-01-31-a-lighthouse-{id}.mp4", Sha256 = Sha256, Bytes = 4_200_000 };
    }
}
