using System.ComponentModel;
using System.Diagnostics;

namespace OmniTools.Gallery.Tests;

/// <summary>
/// A host in the browser (AppBridge) and its relay in Node to the real server, which is in the sandbox.
/// </summary>
internal sealed class TestHost : IAsyncDisposable
{
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(3);

    private readonly Process relay;

    private TestHost(Process relay, string address) => (this.relay, Address) = (relay, address);

    public string Address { get; }

    private static string Folder => Path.Combine(Repository.Root, "tests", "OmniTools.Gallery.Tests", "host");

    public static async Task<TestHost> StartAsync(TemporaryFolder folder, string seconds)
    {
        await InstallAsync();
        var start = New("node", [Path.Combine(Folder, "relay.mjs"), "dotnet",
            Path.Combine(AppContext.BaseDirectory, "OmniTools.Mcp.dll")]);
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("OMNI_", StringComparison.Ordinal))
            .ToList())
            start.Environment.Remove(name);
        start.Environment["OMNI_SANDBOX"] = "1";
        start.Environment["OMNI_SANDBOX_SECONDS"] = seconds;
        start.Environment["OMNI_HOME"] = folder["home"];
        start.Environment["OMNI_OUTPUT_ROOT"] = folder["videos"];
        var relay = Run(start);
        var port = await relay.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        if (port is null)
            Assert.Fail(await relay.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        return new(relay, $"http://127.0.0.1:{port}/");
    }

    public async ValueTask DisposeAsync()
    {
        relay.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await relay.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            relay.Kill(entireProcessTree: true);
        }
        relay.Dispose();
    }

    private static async Task InstallAsync()
    {
        var wanted = new FileInfo(Path.Combine(Folder, "package-lock.json"));
        var installed = new FileInfo(Path.Combine(Folder, "node_modules", ".package-lock.json"));
        if (installed.Exists && installed.LastWriteTimeUtc >= wanted.LastWriteTimeUtc)
            return;
        var start = New(OperatingSystem.IsWindows() ? "npm.cmd" : "npm",
            ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
        using var npm = Run(start);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(InstallLimit);
        try
        {
            var errors = npm.StandardError.ReadToEndAsync(limit.Token);
            await npm.StandardOutput.ReadToEndAsync(limit.Token);
            await npm.WaitForExitAsync(limit.Token);
            Assert.SkipUnless(npm.ExitCode == 0, $"The host cannot be installed: {await errors}");
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            npm.Kill(entireProcessTree: true);
            Assert.Skip($"The host was not installed within {InstallLimit.TotalMinutes} minutes.");
        }
    }

    private static ProcessStartInfo New(string program, string[] arguments) => new(program, arguments)
    {
        WorkingDirectory = Folder,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };

    private static Process Run(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception missing)
        {
            Assert.Skip($"{start.FileName} is not on this machine: {missing.Message}");
            throw;
        }
    }
}
