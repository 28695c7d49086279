using OmniTools.Configuration;
using OmniTools.Ledger;
using OmniTools.Storage;
using OmniTools.VideoTasks;

namespace OmniTools.Benchmarks.Server;

/// <summary>
/// A client of the lean server with a ledger of its own, whose tasks are recorded as submitting them would have.
/// </summary>
internal sealed class BenchmarkClient : IAsyncDisposable
{
    private const string Model = "gemini_omni_flash";
    private readonly bool isOwnHome;
    private readonly ILedgerStore ledger;

    /// <param name="address">The server's.</param>
    /// <param name="home">A ledger that is there; without it a new one, which goes with the client.</param>
    public BenchmarkClient(string address, string? home = null)
    {
        isOwnHome = home is null;
        Home = home ?? Directory.CreateTempSubdirectory("omnitools-benchmark-").FullName;
        var settings = new OmniSettings
        {
            Providers = new Dictionary<string, ProviderSettings>
            {
                ["toapis"] = new() { Key = new ApiKey("sk-benchmark"), KeySource = "benchmark", BaseAddress = address },
            },
            DefaultProvider = "toapis",
            Home = Home,
            OutputRoot = Home,
        };
        ledger = LedgerStores.Open(settings, TimeProvider.System);
        Client = new(settings, new() { LedgerFactory = LedgerStores.Open });
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
        var intent = RequestRecord.Intend(task with { Id = null, Status = VideoTaskStatus.Submitting },
            new() { Request = new(), ContentHash = new string('0', 64), BodyHash = new string('0', 64) });
        await using var lease = await ledger.TryBeginAsync(intent, null, _ => { }, default);
        await ledger.UpdateAsync(task.RequestKey, task.Provider,
            known => known.Apply(new()
            {
                Id = id,
                Model = Model,
                Status = VideoTaskStatus.Queued,
                RawStatus = "queued",
                CreatedAt = created,
            }), default);
        return task;
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await ledger.DisposeAsync();
        if (isOwnHome)
            Directory.Delete(Home, recursive: true);
    }
}
