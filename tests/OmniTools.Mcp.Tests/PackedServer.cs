using System.Diagnostics;
using System.IO.Compression;

namespace OmniTools.Mcp.Tests;

/// <summary>What is handed out, packed once for the tests of one class: the NuGet tool and the bundle, made from what these tests run against.</summary>
public sealed class PackedServer : IAsyncLifetime
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("omni-package-").FullName;

    public async ValueTask InitializeAsync()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        await RunAsync("pack", Path.Combine(Repository.Root, "src", "OmniTools.Mcp"), "--no-build", "-c", configuration, "-o", Folder, "--nologo");
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Opens the only file of this kind.</summary>
    public Task<ZipArchive> OpenAsync(string pattern) => ZipFile.OpenReadAsync(Assert.Single(Directory.GetFiles(Folder, pattern)), TestContext.Current.CancellationToken);

    /// <summary>Runs dotnet and gives what it said; it has to end well.</summary>
    public static async Task<string> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await output + await errors);
        return (await output).Trim();
    }
}
