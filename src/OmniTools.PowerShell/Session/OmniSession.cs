using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using OmniTools.Catalog;
using OmniTools.Configuration;
using OmniTools.Sandbox;

namespace OmniTools.PowerShell.Session;

/// <summary>
/// The state of a runspace: its connections and its client. Environment variables are read each time.
/// </summary>
internal sealed class OmniSession
{
    /// <summary>Shown where a key's variable would be.</summary>
    public const string ConnectedKeySource = "Connect-OmniProvider";

    // Weak: a runspace that is thrown away takes its session along.
    private static readonly ConditionalWeakTable<Runspace, OmniSession> Sessions = [];

    private readonly Dictionary<string, Connection> connections = [];
    private string? connectedLast;
    private bool sandbox;
    private SharedClient? client;
    private string? clientMadeFor;
    private int version;
    private readonly HashSet<ModelEnd> announced = [];

    /// <summary>The session of the runspace whose thread this is.</summary>
    public static OmniSession Current => Sessions.GetOrCreateValue(Runspace.DefaultRunspace);

    /// <summary>The environment, overlaid by what was connected.</summary>
    public OmniSettings Settings => Read(out _);

    /// <summary>The client for the current settings, to be released; a new one is created if they changed.</summary>
    public SharedClient ShareClient()
    {
        var settings = Read(out var fingerprint);
        if (client is null || clientMadeFor != fingerprint)
        {
            // Made first: settings that cannot be used leave the client of the last ones in place.
            var options = new OmniClientOptions { LedgerFactory = LedgerLoader.Open };
            var made = settings.IsSandbox ? SandboxClient.Create(settings, options) : new OmniClient(settings, options);
            client?.Release();
            (client, clientMadeFor) = (new(made), fingerprint);
        }
        return client.Share();
    }

    /// <summary>
    /// Reads the catalog and opens the ledger at the same time in the background, so that a session's first request is
    /// sent about 60 ms earlier.
    /// </summary>
    public void Preload()
    {
        if (client is not null)
            return;
        _ = Task.Run(() => ModelCatalog.BuiltIn);
        var shared = ShareClient();
        // A failure is not reported here: the submission fails in the same way.
        _ = Task.Run(() => shared.Client.GetSpendingAsync())
            .ContinueWith(_ => shared.Release(), TaskScheduler.Default);
    }

    /// <summary>Whether the end of a model was not shown in this session yet; from then on it was.</summary>
    public bool TryAnnounce(ModelEnd end) => announced.Add(end);

    public void Connect(ProviderSpec spec, Connection connection)
    {
        connections[spec.Id] = connection;
        connectedLast = spec.Id;
        version++;
    }

    public void ConnectSandbox(ProviderSpec? spec)
    {
        sandbox = true;
        connectedLast = spec?.Id ?? connectedLast;
        version++;
    }

    /// <summary>Forgets one provider, or everything, and lets the client go.</summary>
    public void Disconnect(ProviderSpec? spec)
    {
        if (spec is null)
        {
            connections.Clear();
            sandbox = false;
        }
        else
        {
            connections.Remove(spec.Id);
        }
        if (spec is null || connectedLast == spec.Id)
            connectedLast = null;
        version++;
        client?.Release();
        client = null;
    }

    // The fingerprint stands for every variable that was read: a hash, because keys are among them.
    private OmniSettings Read(out string fingerprint)
    {
        var seen = new StringBuilder($"{version}/{Environment.GetEnvironmentVariable("OMNI_SANDBOX_SECONDS")}");
        var settings = OmniSettings.FromEnvironment(name =>
        {
            var value = Overlay(name) ?? Environment.GetEnvironmentVariable(name);
            seen.Append('\0').Append(name).Append('=').Append(value);
            return value;
        });
        fingerprint = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(seen.ToString())));
        return settings with
        {
            DefaultProvider = settings.DefaultProvider ?? connectedLast,
            Providers = settings.Providers.ToDictionary(pair => pair.Key, pair =>
                connections.TryGetValue(pair.Key, out var connection) && connection.Key is not null
                    ? pair.Value with { Key = connection.Key, KeySource = ConnectedKeySource }
                    : pair.Value),
        };
    }

    private string? Overlay(string name) => name == "OMNI_SANDBOX"
        ? (sandbox ? "1" : null)
        : connections.FirstOrDefault(pair => ProviderVariables.GetName(pair.Key, "BASE_URL") == name)
            .Value?.BaseAddress;
}
