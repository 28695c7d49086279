using System.Reflection;
using OmniTools.Configuration;
using OmniTools.Ledger;
using OmniTools.Requests;
using OmniTools.Storage;
using OmniTools.Storage.Sqlite;
using OmniTools.VideoTasks;
using Xunit.Sdk;
using Xunit.v3;

namespace OmniTools.Core.Tests.Submitting;

/// <summary>A loopback provider and a client of it whose waits pass at once.</summary>
internal sealed class ClientFixture : IAsyncDisposable
{
    private ClientFixture(LoopbackProvider server, OmniSettings settings)
    {
        Server = server;
        Settings = settings;
        Client = NewProcess();
    }

    public LoopbackProvider Server { get; }

    public OmniSettings Settings { get; }

    public TestTimeProvider Clock { get; } = new() { AutoAdvance = true };

    public OmniClient Client { get; }

    public static async Task<ClientFixture> StartAsync(Contract contract,
        Func<OmniSettings, OmniSettings>? change = null)
    {
        var server = await LoopbackProvider.StartAsync(contract);
        var settings = TestSettings.For(server);
        return new(server, change?.Invoke(settings) ?? settings);
    }

    /// <summary>Another client over the same ledger, as a later process has it.</summary>
    public OmniClient NewProcess(OmniSettings? settings = null) =>
        new(settings ?? Settings, TestSettings.Options with { TimeProvider = Clock, Randomizer = () => 0.5 });

    /// <summary>What the ledger knows of a request.</summary>
    public async Task<RequestRecord> RecordAsync(string key)
    {
        await using var ledger = OpenLedger();
        return (await ledger.FindAsync(key, null, TestContext.Current.CancellationToken))!;
    }

    /// <summary>
    /// Submits a request, and records that its clip is complete and what it cost in the provider's credits.
    /// </summary>
    public async Task SubmitCompletedAsync(VideoRequest request, decimal credits)
    {
        var task = await Client.SubmitAsync(request);
        await using var ledger = OpenLedger();
        await ledger.UpdateAsync(task.RequestKey, task.Provider, record => record.Apply(
            new() { Id = task.Id!, Status = VideoTaskStatus.Completed, Credits = credits }), default);
    }

    /// <summary>The kinds of everything that was recorded, oldest first.</summary>
    public async Task<List<string>> EventsAsync()
    {
        await using var database = new SqliteDatabase(Path.Combine(Settings.Home, "ledger.db"), Clock);
        await using var session = await database.OpenAsync(isWrite: false, TestContext.Current.CancellationToken);
        return await session.QueryAsync("SELECT kind FROM omni_event ORDER BY rowid", row => row.GetString(0));
    }

    /// <summary>The ledger, as another process has it.</summary>
    public ILedgerStore OpenLedger() => LedgerStores.Open(Settings, Clock);

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Server.DisposeAsync();
    }
}

/// <summary>Runs a theory once for each provider's contract.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BothContractsAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod,
        DisposalTracker disposalTracker) =>
        new([new TheoryDataRow<Contract>(Contract.ToApis), new TheoryDataRow<Contract>(Contract.ApiMart)]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
