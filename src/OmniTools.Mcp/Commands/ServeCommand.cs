using OmniTools.Configuration;
using OmniTools.Mcp.Hosting;
using OmniTools.Mcp.Session;
using OmniTools.Sandbox;
using OmniTools.Storage;

namespace OmniTools.Mcp.Commands;

/// <summary>Serves MCP on stdin and stdout. stdout carries protocol and nothing else.</summary>
internal static class ServeCommand
{
    /// <summary>Serves; <paramref name="isDebug"/> writes a log to stderr.</summary>
    public static async Task<int> RunAsync(bool isDebug = false)
    {
        await using var output = new BufferedStream(Console.OpenStandardOutput());
        // Text that is written to the console by mistake must not reach the protocol.
        Console.SetOut(TextWriter.Null);
        if (!Console.IsInputRedirected)
            await Console.Error.WriteLineAsync(
                $"This is the OmniTools MCP server {Product.Version}. It speaks JSON-RPC on stdin and stdout, for an "
                + $"MCP client to start.\n{ClientConfigSnippet.Text}\nTo see it work: "
                + $"{ClientConfigSnippet.FormatCommand("demo")}. Ctrl+C ends it.");
        using var stopping = new CancellationTokenSource();
        using var signals = new EndSignals(stopping.Cancel);
        using var log = isDebug ? new DebugLog(Console.Error, TimeProvider.System) : null;
        log?.Listen();
        await OmniServer.ServeAsync(NewSession(), Console.OpenStandardInput(), output, stopping.Token, log);
        return 0;
    }

    /// <summary>A session configured by the environment.</summary>
    public static ServerSession NewSession() => new(
        static () => OmniSettings.FromEnvironment(),
        static settings => NewClient(settings, new() { LedgerFactory = LedgerStores.Open }),
        TimeProvider.System);

    private static OmniClient NewClient(OmniSettings settings, OmniClientOptions options) =>
        settings.IsSandbox ? SandboxClient.Create(settings, options) : new(settings, options);
}
