using System.Runtime.InteropServices;
using OmniTools.Mcp.Serving;
using OmniTools.Sandbox;

namespace OmniTools.Mcp.Commands;

/// <summary>Serves MCP on stdin and stdout. stdout carries protocol and nothing else.</summary>
internal static class ServeCommand
{
    public static async Task<int> RunAsync()
    {
        await using var output = new BufferedStream(Console.OpenStandardOutput());
        Console.SetOut(Console.Error);
        if (!Console.IsInputRedirected)
            await Console.Error.WriteLineAsync($"This is the OmniTools MCP server {Product.Version}. It speaks JSON-RPC on stdin and stdout, for an MCP client to start.\n{Attaching.Snippet}\nTo see it work: omnitools-mcp demo. Ctrl+C ends it.");
        using var stop = new CancellationTokenSource();
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        await OmniServer.ServeAsync(NewSession(), Console.OpenStandardInput(), output, stop.Token);
        return 0;

        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }

    /// <summary>A session configured by the environment.</summary>
    public static Session NewSession() => new(
        OmniSettings.FromEnvironment(),
        settings => settings.IsSandbox ? SandboxClient.Create(settings) : new OmniClient(settings),
        TimeProvider.System);
}
