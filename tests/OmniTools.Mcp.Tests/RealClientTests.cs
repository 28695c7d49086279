using System.ComponentModel;
using System.Diagnostics;

namespace OmniTools.Mcp.Tests;

/// <summary>
/// Clients that others wrote, against the program as they start it. Skipped where Node, npm or the registry is not
/// there.
/// </summary>
public sealed class RealClientTests : IDisposable
{
    /// <summary>What a script ends with that needs a newer Node.</summary>
    private const int NodeIsTooOld = 77;

    private const string Inspector = "inspector/inspect.mjs";

    private static readonly TimeSpan InstallPatience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan ScriptPatience = TimeSpan.FromMinutes(2);

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
            "node",
            [path, "dotnet", Path.Combine(AppContext.BaseDirectory, "OmniTools.Mcp.dll")],
            folder,
            ScriptPatience);

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
                npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], clients, InstallPatience);
            Assert.SkipUnless(code == 0, $"The clients cannot be installed: {output}");
        }
        catch (TimeoutException slow)
        {
            Assert.Skip($"The clients cannot be installed: {slow.Message}");
        }
    }

    private async Task<(int Code, string Output)> RunAsync(
        string program, string[] arguments, string workingFolder, TimeSpan patience)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = workingFolder };
        foreach (
            var name in start
                .Environment.Keys.Where(name => name.StartsWith("OMNI_", StringComparison.Ordinal))
                .ToList())
            start.Environment.Remove(name);
        start.Environment["OMNI_SANDBOX"] = "1";
        start.Environment["OMNI_SANDBOX_SECONDS"] = "2";
        start.Environment["OMNI_HOME"] = Path.Combine(folder, "home");
        start.Environment["OMNI_OUTPUT_ROOT"] = Path.Combine(folder, "videos");
        try
        {
            return await ProcessRunner.RunAsync(start, patience);
        }
        catch (Win32Exception missing)
        {
            Assert.Skip($"{program} is not on this machine: {missing.Message}");
            throw;
        }
    }
}
