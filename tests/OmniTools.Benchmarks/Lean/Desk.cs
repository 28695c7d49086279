using OmniTools.Http;
using OmniTools.Ledger;
using OmniTools.Tasks;

namespace OmniTools.Benchmarks.Lean;

/// <summary>A client of the lean server with a ledger of its own, whose tasks are recorded as submitting them would have.</summary>
internal sealed class Desk : IAsyncDisposable
{
    private const string Model = "gemini_omni_flash";
    private readonly bool isOwnHome;
    private readonly TaskLedger ledger;

    /// <param name="address">The server's.</param>
    /// <param name="home">A ledger that is there; without it a new one, which goes with the desk.</param>
    public Desk(string address, string? home = null)
    {
        isOwnHome = home is null;
        Home = home ?? Directory.CreateTempSubdirectory("omnitools-benchmark-").FullName;
        ledger = new(Home, isSandbox: false, TimeProvider.System);
        Client = new(new OmniSettings
        {
            Providers = new Dictionary<string, ProviderSettings> { ["toapis"] = new() { Key = new ApiKey("sk-benchmark"), KeySource = "benchmark", BaseAddress = address } },
            DefaultProvider = "toapis",
            Home = Home,
            OutputRoot = Home,
        });
    }

    public OmniClient Client { get; }

    public string Home { get; }

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
        if (isOwnHome)
            Directory.Delete(Home, recursive: true);
    }
}
