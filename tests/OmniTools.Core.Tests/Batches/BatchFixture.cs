using System.Text;
using OmniTools.Batches;
using OmniTools.Configuration;
using OmniTools.Core.Tests.Submitting;

namespace OmniTools.Core.Tests.Batches;

/// <summary>A list in a folder of its own, a provider, and a client whose waits pass at once.</summary>
internal sealed class BatchFixture : IAsyncDisposable
{
    private readonly ClientFixture client;

    private BatchFixture(ClientFixture client)
    {
        this.client = client;
        client.Server.PollsUntilDone = 1;
    }

    public OmniClient Client => client.Client;

    public OmniSettings Settings => client.Settings;

    public LoopbackProvider Server => client.Server;

    public TestTimeProvider Clock => client.Clock;

    public string Folder => Server.Folder["lists"];

    public string List => Path.Combine(Folder, "shots.csv");

    public List<string> Notices { get; } = [];

    public List<VideoBatchRow> Settled { get; } = [];

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<BatchFixture> StartAsync(Contract contract = Contract.ToApis,
        Func<OmniSettings, OmniSettings>? change = null) =>
        new(await ClientFixture.StartAsync(contract, change));

    /// <summary>Writes the list: so many rows with keys of their own.</summary>
    public void WriteRows(int count, string name = "shot") =>
        Write("Prompt,RequestKey\n"
        + string.Join("\n", Enumerable.Range(1, count).Select(row => $"a clip {row},{name}-{row}")));

    public void Write(string text, string? list = null)
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(list is null ? List : Path.Combine(Folder, list), text, new UTF8Encoding(false));
    }

    /// <summary>Another client over the same ledger, as a later process has it.</summary>
    public OmniClient NewProcess(OmniSettings? settings = null) => client.NewProcess(settings);

    public BatchOptions Options(string? list = null) => new()
    {
        Path = list is null ? List : Path.Combine(Folder, list),
        NoGallery = true,
        Command = "Invoke-OmniVideoBatch shots.csv",
    };

    public Task<VideoBatchResult> RunAsync(BatchOptions? options = null, OmniClient? client = null,
        CancellationToken stopRequested = default) =>
        (client ?? Client).RunBatchAsync(options ?? Options(), Observer, stopRequested, Stop);

    public Task<BatchPlan> PlanAsync(BatchOptions? options = null, OmniClient? client = null) =>
        (client ?? Client).PlanBatchAsync(options ?? Options(), Stop);

    public BatchObserver Observer => new() { Notice = Notices.Add, Settled = Settled.Add };

    public string Report() => File.ReadAllText(Path.Combine(Folder, "shots.report.csv"));

    public ValueTask DisposeAsync() => client.DisposeAsync();
}
