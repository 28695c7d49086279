using OmniTools.Configuration;
using OmniTools.Errors;

namespace OmniTools.Mcp.Session;

/// <summary>What the tools of one server share. Settings are read and the client is made at the first call: a server that only lists its tools touches nothing.</summary>
internal sealed class ServerSession(Func<OmniSettings> readSettings, Func<OmniSettings, OmniClient> createClient, TimeProvider timeProvider) : IAsyncDisposable
{
    private readonly Lock gate = new();
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

    public TimeProvider TimeProvider => timeProvider;

    public ProviderObservations Observations { get; } = new();

    public OutputRoot Root => new(Settings.OutputRoot);

    /// <summary>The client. A failure to make it is the caller's error, and the next call tries again.</summary>
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

    /// <summary>Lets the submissions under way finish, for as long as <paramref name="patience"/>.</summary>
    public Task FinishAsync(TimeSpan patience) => submissions?.FinishAsync(patience) ?? Task.CompletedTask;

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
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new OmniException(OmniErrorKind.InvalidConfiguration, "OmniTools cannot be started with these settings", failure)
            {
                Charged = Charged.No, // Nothing was sent.
                Received = ProviderText.Clean(failure.Message),
                NextStep = "Check OMNI_HOME and OMNI_OUTPUT_ROOT, and restart the server",
            };
        }
    }
}
