using System.IO.Compression;

namespace OmniTools.Mcp.Tests;

/// <summary>
/// The NuGet tool and the bundle, packed once for the tests of one class from the program that these tests run.
/// </summary>
public sealed class PackageFixture : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    public string Folder { get; } = Directory.CreateTempSubdirectory("omni-package-").FullName;

    public async ValueTask InitializeAsync()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        await RunAsync("pack", Path.Combine(Repository.Root, "src", "OmniTools.Mcp"), "--no-build", "-c", configuration,
            "-o", Folder, "--nologo");
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Opens the only file of this kind.</summary>
    public Task<ZipArchive> OpenAsync(string pattern) =>
        ZipFile.OpenReadAsync(Assert.Single(Directory.GetFiles(Folder, pattern)));

    /// <summary>Runs dotnet, which has to succeed, and returns its output.</summary>
    public static async Task<string> RunAsync(params string[] arguments)
    {
        var (code, output) = await ProcessRunner.RunAsync(new("dotnet", arguments), Limit);
        Assert.True(code == 0, output);
        return output.Trim();
    }
}
