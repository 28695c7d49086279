using System.ComponentModel;
using System.Diagnostics;

namespace OmniTools.Mcp.Tests;

/// <summary>
/// MCP clients of other authors, which start the program themselves. Skipped without Node, npm or the registry.
/// </summary>
public sealed class RealClientTests : IDisposable
{
    /// <summary>The exit code of a script that needs a newer Node.</summary>
    private const int NodeIsTooOld = 77;

    private const string Inspector = "inspector/inspect.mjs";

    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan ScriptLimit = TimeSpan.FromMinutes(2);

    private readonly string folder = Directory.CreateTempSubdirectory("omni-client-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("older.mjs")]
    [InlineData("newer.mjs")]
    [InlineData("tasks.mjs")]
    [InlineData(Inspector)]
    public async Task Serve_ClientOfAnotherAuthor_ReportsNoError(string script)
    {
        Assert.SkipUnless(script != Inspector || Environment.GetEnvironmentVariable("OMNI_TEST_LONG") == "1",
            "The inspector takes half a minute: .ci/long runs it.");
        var path = Path.Combine(Repository.TestFolder, "clients", script);
        await InstallAsync(Path.GetDirectoryName(path)!);

        var (code, output) = await RunAsync(
            "node", [path, "dotnet", Path.Combine(AppContext.BaseDirectory, "OmniTools.Mcp.dll")], folder, ScriptLimit);

        Assert.SkipWhen(code == NodeIsTooOld, output);
        Assert.True(code == 0, output);
        TestContext.Current.TestOutputHelper?.WriteLine(output);
    }

    private async Task InstallAsync(string clients)
    {
        var wanted = new FileInfo(Path.Combine(clients, "package-lock.json"));
        var installed = new FileInfo(Path.Combine(clients, "node_modules", ".package-lock.json"));
        if (installed.Exists && installed.LastWriteTimeUtc >= wanted.LastWriteTimeUtc)
            return;
        var npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        try
        {
            var (code, output) = await RunAsync(
                npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], clients, InstallLimit);
            Assert.SkipUnless(code == 0, $"The clients cannot be installed: {output}");
        }
        catch (TimeoutException slow)
        {
            Assert.Skip($"The clients cannot be installed: {slow.Message}");
        }
    }

    private async Task<(int Code, string Output)> RunAsync(
        string program, string[] arguments, string workingFolder, TimeSpan limit)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = workingFolder };
        ServerProcess.SetVariables(start, folder, [("OMNI_SANDBOX", "1"), (SandboxSpeed.Variable, "2")]);
        try
        {
            return await ProcessRunner.RunAsync(start, limit);
        }
        catch (Win32Exception missing)
        {
            Assert.Skip($"{program} is not on this machine: {missing.Message}");
            throw;
        }
    }
}
