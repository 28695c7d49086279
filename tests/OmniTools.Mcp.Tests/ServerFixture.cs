using System.IO.Pipelines;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using OmniTools.Configuration;
using OmniTools.Mcp.Hosting;
using OmniTools.Mcp.Session;
using OmniTools.Sandbox;

namespace OmniTools.Mcp.Tests;

/// <summary>
/// The real server and a real client over in-memory pipes. The default is the sandbox, with folders of its own.
/// </summary>
internal sealed class ServerFixture : IAsyncDisposable
{
    /// <summary>The time limit of a call and of the end.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly Pipe toServer = new();
    private readonly Pipe toClient = new();
    private readonly CancellationTokenSource cancellationToken = new();
    private readonly string folder = Directory.CreateTempSubdirectory("omni-mcp-").FullName;
    private Task serving = Task.CompletedTask;

    private ServerFixture(
        Func<OmniSettings, OmniSettings> adjust, Func<OmniSettings, OmniClient>? makeClient, TimeProvider timeProvider)
    {
        Settings = adjust(
            new OmniSettings
            {
                Home = Path.Combine(folder, "home"),
                OutputRoot = Path.Combine(folder, "videos"),
                IsSandbox = true,
            });
        Session = new(
            () => Settings, makeClient ?? (settings => SandboxClient.Create(settings, TestSettings.Options)),
            timeProvider);
    }

    public OmniSettings Settings { get; }

    public ServerSession Session { get; }

    public string OutputRoot => Settings.OutputRoot;

    public McpClient Client { get; private set; } = null!;

    /// <summary>Ends when the server does.</summary>
    public Task Serving => serving;

    public static async Task<ServerFixture> StartAsync(
        Func<OmniSettings, OmniSettings>? adjust = null,
        Func<OmniSettings, OmniClient>? makeClient = null,
        McpClientOptions? options = null,
        TimeProvider? timeProvider = null)
    {
        var server =
            new ServerFixture(adjust ?? (settings => settings), makeClient, timeProvider ?? TimeProvider.System);
        server.serving = OmniServer.ServeAsync(
            server.Session,
            server.toServer.Reader.AsStream(),
            server.toClient.Writer.AsStream(),
            server.cancellationToken.Token);
        var transport = new StreamClientTransport(server.toServer.Writer.AsStream(), server.toClient.Reader.AsStream());
        server.Client = await McpClient.CreateAsync(transport, options);
        return server;
    }

    /// <summary>A server whose only provider is a test's.</summary>
    public static Task<ServerFixture> StartAsync(
        LoopbackProvider provider,
        Func<OmniSettings, OmniSettings>? adjust = null,
        McpClientOptions? options = null,
        TimeProvider? timeProvider = null,
        TimeProvider? clientTimeProvider = null) =>
        StartAsync(
            settings => (adjust ?? (each => each))(
                TestSettings.For(provider) with { Home = settings.Home, OutputRoot = settings.OutputRoot }),
            settings => new OmniClient(settings, TestSettings.Options with
            {
                TimeProvider = clientTimeProvider ?? TimeProvider.System,
                Randomizer = () => 0,
            }),
            options,
            timeProvider);

    public async Task<CallToolResult> CallAsync(
        string tool,
        string arguments = "{}",
        IProgress<ProgressNotificationValue>? progress = null,
        CancellationToken? stopping = null) =>
        await Client.CallToolAsync(
            tool,
            JsonElement.Parse(arguments).EnumerateObject()
                .ToDictionary(each => each.Name, each => (object?)each.Value.Clone()),
            progress,
            cancellationToken: stopping ?? TestContext.Current.CancellationToken).AsTask().WaitAsync(Limit);

    /// <summary>Calls a tool, which has to succeed, and returns its structured content.</summary>
    public async Task<JsonElement> GetAsync(
        string tool, string arguments = "{}", IProgress<ProgressNotificationValue>? progress = null)
    {
        var result = await CallAsync(tool, arguments, progress);
        Assert.True(result.IsError != true, Text(result));
        return result.StructuredContent!.Value;
    }

    /// <summary>Calls a tool, which has to refuse, and returns the text.</summary>
    public async Task<string> RefusalAsync(string tool, string arguments)
    {
        var result = await CallAsync(tool, arguments);
        Assert.True(result.IsError == true, Text(result));
        return Text(result);
    }

    /// <summary>Calls a tool, and returns the text of its answer.</summary>
    public async Task<string> TextAsync(string tool, string arguments = "{}") => Text(await CallAsync(tool, arguments));

    public static string Text(CallToolResult result) =>
        string.Join('\n', result.Content.OfType<TextContentBlock>().Select(block => block.Text));

    /// <summary>Ends the server's input, as a client that goes away does.</summary>
    public ValueTask EndInputAsync() => toServer.Writer.CompleteAsync();

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync().AsTask().WaitAsync(Limit);
        await cancellationToken.CancelAsync();
        await serving.WaitAsync(Limit);
        cancellationToken.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
