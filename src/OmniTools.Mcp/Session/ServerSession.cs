using OmniTools.Catalog;
using OmniTools.Configuration;

namespace OmniTools.Mcp.Session;

/// <summary>
/// The state that the tools of a server share. Settings are read and the client is created at the first call, so
/// listing the tools touches neither disk nor network.
/// </summary>
internal sealed class ServerSession(
    Func<OmniSettings> readSettings, Func<OmniSettings, OmniClient> createClient, TimeProvider timeProvider)
    : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly HashSet<ModelEnd> announced = [];
    private OmniSettings? settings;
    private OmniClient? client;
    private BackgroundSubmissions? submissions;

    public OmniSettings Settings
    {
        get
        {
            lock (gate)
                return settings ??= readSettings();
        }
    }

    /// <summary>The mistake in the user's catalog of models; null when there is none.</summary>
    public string? CatalogWarning =>
        Settings.Catalog.Problem is { } problem
            ? $"{problem.Summary.TrimEnd('.')}. {problem.Received?.TrimEnd('.')}. {problem.NextStep?.TrimEnd('.')}."
            : null;

    public TimeProvider TimeProvider => timeProvider;

    /// <summary>Returns true once for each end of a model, so that it is reported once.</summary>
    public bool TryAnnounce(ModelEnd end)
    {
        lock (gate)
            return announced.Add(end);
    }

    public ProviderObservations Observations { get; } = new();

    public OutputRoot Root => new(Settings.OutputRoot);

    /// <summary>The client. If it cannot be created the caller gets the error, and the next call tries again.</summary>
    public OmniClient Client
    {
        get
        {
            lock (gate)
                return client ??= CreateClient();
        }
    }

    public BackgroundSubmissions Submissions
    {
        get
        {
            var created = Client;
            lock (gate)
                return submissions ??= new(created);
        }
    }

    /// <summary>Completes when no submission is running.</summary>
    public Task WhenSubmittedAsync() => submissions?.WhenCompletedAsync() ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (submissions is not null)
            await submissions.DisposeAsync();
        if (client is not null)
            await client.DisposeAsync();
    }

    private OmniClient CreateClient()
    {
        try
        {
            return createClient(Settings);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException
            or ArgumentException or NotSupportedException)
        {
            const string Problem = "OmniTools cannot be started with these settings";
            throw new OmniException(OmniErrorKind.InvalidConfiguration, Problem, new()
            {
                Charged = Charged.No, // Nothing was sent.
                Received = ProviderText.Clean(failure.Message),
                NextStep = "Check OMNI_HOME and OMNI_OUTPUT_ROOT, and restart the server",
            }, failure);
        }
    }
}
