using OmniTools.Core.Tests.Submitting;
using OmniTools.Ledger;
using OmniTools.Providers;
using OmniTools.Tasks;
using OmniTools.Testing;
using OmniTools.Tests;
using Xunit;

namespace OmniTools.Core.Tests.Ledger;

/// <summary>A reader beside a ledger of its own, and a provider that answers what a test says.</summary>
public abstract class ReaderWorld : IDisposable
{
    private protected static readonly DateTimeOffset Noon = new(2026, 5, 20, 12, 0, 0, TimeSpan.Zero);

    /// <summary>When the provider is asked: so long after a request of noon that "no such task" can be believed.</summary>
    private protected static readonly DateTimeOffset Later = Noon + LedgerConstants.ReadDelay;

    private protected static readonly ProviderSpec ToApis = Catalog.Provider("toapis");

    private protected static readonly TaskReport Report = new()
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
    private protected readonly TaskLedger ledger;
    private protected readonly TaskReader reader;
    private protected TaskReport answer = Report;
    private protected Func<Task<TaskReport?>> find = () => throw new NotImplementedException("no key is asked for here");
    private protected readonly List<string> ids = [];
    private protected Func<Task>? meanwhile;

    protected ReaderWorld()
    {
        ledger = new(folder["home"], false, new ManualClock(Noon) { AutoAdvance = true });
        reader = new(ledger, spec => new FakeProvider(Wire.Unreachable(spec.Id, Later))
        {
            Get = id =>
            {
                ids.Add(id);
                var told = answer;
                meanwhile?.Invoke().GetAwaiter().GetResult();
                return told;
            },
            Find = () => find(),
        });
    }

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected async Task AcceptAsync()
    {
        await IntendAsync();
        await ledger.AppendAsync(new LedgerRecord { Event = LedgerEvent.Accepted, Key = "k1", Id = "id-1", Provider = "toapis", Status = "queued" });
    }

    private protected Task IntendAsync(string? owner = null, DateTimeOffset? since = null, bool? again = null) => ledger.AppendAsync(new LedgerRecord
    {
        Event = LedgerEvent.Intent,
        Key = "k1",
        Provider = "toapis",
        Model = "m",
        Prompt = "a cat",
        Owner = owner,
        Since = since,
        Again = again,
    });

    private protected List<LedgerRecord> Records() => [.. new LedgerReader(new LedgerFiles(folder["home"])).Newest()];
}
