using OmniTools.Catalog;
using OmniTools.Core.Tests.Submitting;
using OmniTools.Ledger;
using OmniTools.Providers;
using OmniTools.Storage;
using OmniTools.Tracking;
using OmniTools.VideoTasks;

namespace OmniTools.Core.Tests.Tracking;

/// <summary>A refresher with a ledger of its own, and a provider that answers what a test says.</summary>
public abstract class VideoTaskRefresherFixture : IAsyncDisposable
{
    private protected static readonly ProviderSpec ToApis = ModelCatalog.Provider("toapis");

    private protected static readonly VideoTaskReport Report = new()
    {
        Id = "id-1",
        Model = "m2",
        Status = VideoTaskStatus.InProgress,
        RawStatus = "running",
        Progress = 50,
        CreatedAt = Noon.AddHours(-1),
        CompletedAt = Noon,
        EstimatedSeconds = 90,
        Cost = 0.5m,
        Credits = 10,
        Videos = [new() { Url = "https://a.example/1.mp4" }],
    };

    private protected readonly TemporaryFolder folder = new();
    private protected readonly TestTimeProvider clock = new(Noon) { AutoAdvance = true };
    private protected readonly ILedgerStore ledger;
    private protected readonly VideoTaskRefresher refresher;
    private protected VideoTaskReport answer = Report;
    private protected Func<Task<VideoTaskReport?>> find =
        () => throw new NotImplementedException("no key is asked for here");
    private protected readonly List<string> ids = [];

    protected VideoTaskRefresherFixture()
    {
        ledger = Open(clock);
        refresher = new(ledger, spec => new FakeProvider(TestProviders.Unreachable(spec.Id, Noon))
        {
            Get = id =>
            {
                ids.Add(id);
                return answer;
            },
            Find = () => find(),
        });
    }

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await ledger.DisposeAsync();
        folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected ILedgerStore Open(TimeProvider timeProvider) =>
        LedgerStores.Open(new() { Home = folder["home"], OutputRoot = folder["out"] }, timeProvider);

    private protected async Task<SubmissionLease> BeginAsync(string key = "k1", string provider = "toapis",
        ILedgerStore? store = null)
    {
        store ??= ledger;
        var intent = RequestRecord.Intend(
            new()
            {
                RequestKey = key,
                Provider = provider,
                Model = "m",
                Prompt = "a cat",
                Status =
            VideoTaskStatus.Submitting,
                CreatedAt = Noon
            }, new() { Request = new() });
        return (await store.TryBeginAsync(intent, await store.FindAsync(key, null, Stop), _ => { }, Stop))!;
    }

    /// <summary>An intent whose process is gone.</summary>
    private protected async Task AbandonAsync(string key = "k1", string provider = "toapis",
        ILedgerStore? store = null) =>
        await (await BeginAsync(key, provider, store)).DisposeAsync();

    private protected async Task AcceptAsync()
    {
        await AbandonAsync();
        await ledger.UpdateAsync("k1", "toapis",
            known => known.Apply(new() { Id = "id-1", Status = VideoTaskStatus.Queued }), Stop);
    }

    private protected async Task<VideoTask> FindAsync(string reference) =>
        (await ledger.FindAsync(reference, null, Stop))!.Task;

    private protected async Task<IReadOnlyList<VideoTask>> ListAsync() => (await ledger.ListAsync(new(), Stop)).Tasks;

    /// <summary>The kinds of everything that was recorded.</summary>
    private protected async Task<List<string>> EventsAsync()
    {
        await using var database = new Storage.Sqlite.SqliteDatabase(folder["home/ledger.db"], clock);
        await using var session = await database.OpenAsync(isWrite: false, Stop);
        return await session.QueryAsync("SELECT kind FROM omni_event ORDER BY rowid", row => row.GetString(0));
    }
}
