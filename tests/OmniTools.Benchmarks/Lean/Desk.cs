using OmniTools.Http;
using OmniTools.Ledger;
using OmniTools.Tasks;

namespace OmniTools.Benchmarks;

/// <summary>A client of the lean server with a ledger of its own, whose tasks are recorded as submitting them would have.</summary>
internal sealed class Desk : IAsyncDisposable
{
    private const string Model = "gemini_omni_flash";
    private readonly string home = Directory.CreateTempSubdirectory("omnitools-benchmark-").FullName;
    private readonly TaskLedger ledger;

    public Desk(string address)
    {
        ledger = new(home, isSandbox: false, TimeProvider.System);
        Client = new(new OmniSettings
        {
            Providers = new Dictionary<string, ProviderSettings> { ["toapis"] = new() { Key = new ApiKey("sk-benchmark"), KeySource = "benchmark", BaseAddress = address } },
            DefaultProvider = "toapis",
            Home = home,
            OutputRoot = home,
        });
    }

    public OmniClient Client { get; }

    /// <summary>Records an accepted task and gives it.</summary>
    public async Task<VideoTask> AcceptAsync(string id, DateTimeOffset created)
    {
        var task = new VideoTask
        {
            Id = id,
            RequestKey = Guid.NewGuid().ToString("N"),
            Provider = "toapis",
            Model = Model,
            Status = VideoTaskStatus.Queued,
            RawStatus = "queued",
            Prompt = $"A lighthouse in a storm at dusk, seen from the sea, slow push in, number {id}",
            CreatedAt = created,
        };
        await Task.WhenAll(
            ledger.AppendAsync(new LedgerRecord { Event = LedgerEvent.Intent, Key = task.RequestKey, Provider = task.Provider, Model = Model, Prompt = task.Prompt, CreatedAt = created, Content = new string('0', 64), Body = new string('0', 64) }),
            ledger.AppendAsync(new LedgerRecord { Event = LedgerEvent.Accepted, Key = task.RequestKey, Id = id, Provider = task.Provider, Model = Model, Status = "queued", RawStatus = "queued", CreatedAt = created }));
        return task;
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        Directory.Delete(home, recursive: true);
    }
}
