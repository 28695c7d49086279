using OmniTools.Errors;
using OmniTools.Ledger;
using OmniTools.Providers;
using OmniTools.Requests;
using OmniTools.Storage.Postgres;
using OmniTools.Storage.Sql;
using OmniTools.Storage.Sqlite;
using OmniTools.VideoTasks;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace OmniTools.Storage.Tests;

/// <summary>An empty ledger of one kind, and what tests need of it.</summary>
internal abstract class LedgerStoreFixture : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> opened = [];

    /// <summary>The first store of the ledger, on the machine "here".</summary>
    public ILedgerStore Store => field ??= Open();

    /// <summary>Another store on the same ledger, as another process or machine has it.</summary>
    public SqlLedgerStore Open(string machine = "here", IReadOnlyList<Migration>? steps = null)
    {
        var store = new SqlLedgerStore(Connect(), machine, isSandbox: false, steps);
        opened.Add(store);
        return store;
    }

    /// <summary>Another connection to the same ledger.</summary>
    public abstract LedgerDatabase Connect();

    /// <summary>Moves the ledger's clock on.</summary>
    public abstract void Advance(TimeSpan by);

    /// <summary>Makes a submission look as it does when its process was killed.</summary>
    public abstract Task AbandonAsync(SubmissionLease lease);

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var store in opened)
            await store.DisposeAsync();
    }
}

internal sealed class SqliteLedgerFixture : LedgerStoreFixture
{
    public TemporaryFolder Folder { get; } = new();

    public TestTimeProvider Clock { get; } = new();

    public string Path => Folder["home/ledger.db"];

    public override LedgerDatabase Connect() => new SqliteDatabase(Path, Clock);

    public override void Advance(TimeSpan by) => Clock.Advance(by);

    public override Task AbandonAsync(SubmissionLease lease) => lease.DisposeAsync().AsTask();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Folder.Dispose();
    }
}

internal sealed class PostgresLedgerFixture(string address) : LedgerStoreFixture
{
    private TimeSpan offset;

    public override LedgerDatabase Connect() => new PostgresDatabase(PostgresAddress.Parse(address), () => offset);

    public override void Advance(TimeSpan by) => offset += by;

    public override Task AbandonAsync(SubmissionLease lease)
    {
        Advance(TimeSpan.FromMinutes(3));
        return Task.CompletedTask;
    }
}

internal static class PostgresFixtureExtensions
{
    /// <summary>The server; where there is none the test is skipped, and counted.</summary>
    public static Task<PostgresServer> GetAsync(this PostgresFixture fixture)
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        return fixture.Server.Value;
    }
}

/// <summary>Requests and reports of tests.</summary>
internal static class Samples
{
    public static readonly VideoTaskError No = new()
    {
        Kind = OmniErrorKind.TaskFailed,
        Code = "no",
        Message = "No.",
        Charged = Charged.No,
    };

    public static RequestRecord Intent(string key, string prompt = "a cat", string provider = "toapis",
        decimal? estimate = 10, string? batch = null) => RequestRecord.Intend(
        new()
        {
            RequestKey = key,
            Provider = provider,
            Model = "m",
            Prompt = prompt,
            AspectRatio = "16:9",
            Duration =
        8,
            Resolution = "720p",
            Batch = batch,
            Status = VideoTaskStatus.Submitting,
            CreatedAt = Noon
        },
        new()
        {
            BaseAddress = "https://a.example",
            Account = "1234abcd",
            Request = new VideoRequest { Images = ["https://a.example/1.png"], ExtendFrom = "task-0" },
            ContentHash = "hash of " + prompt,
            BodyHash = "body of " + prompt,
            Estimate = estimate,
        });

    public static VideoTaskReport Report(string id, VideoTaskStatus status = VideoTaskStatus.Queued) =>
        new() { Id = id, Status = status, RawStatus = status.ToWireName() };

    public static VideoTaskReport Completed(string id, params string[] urls) =>
        Report(id, VideoTaskStatus.Completed) with
        {
            Progress = 100,
            CreatedAt = Noon,
            CompletedAt = Noon.AddSeconds(90),
            EstimatedSeconds = 60,
            Cost = 0.15m,
            Credits = 1.5m,
            Videos = [.. urls.Select(url => new VideoResult { Url = url, ExpiresAt = Noon.AddDays(1) })],
        };

    public static async Task<SubmissionLease> BeginAsync(this ILedgerStore store, string key, string prompt = "a cat",
        Action<LedgerDay>? check = null, string provider = "toapis", string? batch = null) =>
        (await store.TryBeginAsync(Intent(key, prompt, provider, batch: batch),
        await store.FindAsync(key, null, default), check ?? (_ => { }), default))!;

    public static Task<RequestRecord?> ApplyAsync(this ILedgerStore store, string reference, VideoTaskReport report,
        string provider = "toapis") =>
        store.UpdateAsync(reference, provider, request => request.Apply(report), default);

    public static async Task<RequestRecord> AcceptAsync(this ILedgerStore store, string key, string id,
        string prompt = "a cat", string provider = "toapis", string? batch = null)
    {
        await using var lease = await store.BeginAsync(key, prompt, provider: provider, batch: batch);
        return (await store.ApplyAsync(key, Report(id), provider))!;
    }

    public static Task<RequestRecord?> RejectAsync(this ILedgerStore store, RequestRecord request) =>
        store.UpdateAsync(request.Task.RequestKey, request.Task.Provider,
        known => known.Reject(request.Attempt, No), default);

    public static Task<RequestRecord?> LoseOutcomeAsync(this ILedgerStore store, RequestRecord request) =>
        store.UpdateAsync(request.Task.RequestKey, request.Task.Provider,
        known => known.LoseOutcome(request.Attempt, No), default);

    public static async Task<RequestRecord> GetAsync(this ILedgerStore store, string reference) =>
        (await store.FindAsync(reference, null, default))!;

    public static async Task<string> KeysAsync(this ILedgerStore store, VideoTaskQuery? query = null) =>
        string.Join(" ", (await store.ListAsync(query ?? new(), default)).Tasks.Select(task => task.RequestKey));
}
