using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;

namespace OmniTools.Mcp.Tests;

/// <summary>What is handed out: the NuGet tool and the bundle, made from what these tests run against.</summary>
public sealed class PackageTests : IDisposable
{
    private const string Project = "src/OmniTools.Mcp";

    private readonly string folder = Directory.CreateTempSubdirectory("omni-package-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task The_package_and_the_bundle_hold_what_registries_and_clients_read_and_a_server_that_starts()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        await RunAsync("pack", Path.Combine(Repository.Root, Project), "--no-build", "-c", configuration, "-o", folder, "--nologo");

        await using (var package = await OpenAsync("*.nupkg"))
        {
            var nuspec = await TextAsync(package, "OmniTools.Mcp.nuspec");
            Assert.Contains("<packageType name=\"McpServer\" />", nuspec, StringComparison.Ordinal);
            Assert.Contains("<packageType name=\"DotnetTool\" />", nuspec, StringComparison.Ordinal);
            Assert.Contains("\"omnitools-mcp\"", await TextAsync(package, "tools/net10.0/any/DotnetToolSettings.xml"), StringComparison.Ordinal);
            var server = JsonElement.Parse(await TextAsync(package, ".mcp/server.json"));
            Assert.Equal(Product.Version, server.GetProperty("version").GetString());
            var listed = server.GetProperty("packages")[0];
            Assert.Equal(("nuget", "OmniTools.Mcp", Product.Version), (listed.GetProperty("registryType").GetString(), listed.GetProperty("identifier").GetString(), listed.GetProperty("version").GetString()));
            var secret = listed.GetProperty("environmentVariables").EnumerateArray().Where(each => each.TryGetProperty("isSecret", out var isTrue) && isTrue.GetBoolean());
            Assert.Equal(["TOAPIS_API_KEY", "APIMART_API_KEY"], secret.Select(each => each.GetProperty("name").GetString()));
            // By this line the registry knows that package and entry belong together.
            Assert.Contains($"mcp-name: {server.GetProperty("name").GetString()}\n", await TextAsync(package, "README.md"), StringComparison.Ordinal);
        }

        await using var bundle = await OpenAsync("*.mcpb");
        var manifest = JsonElement.Parse(await TextAsync(bundle, "manifest.json"));
        Assert.Equal(("0.3", Product.Version), (manifest.GetProperty("manifest_version").GetString(), manifest.GetProperty("version").GetString()));
        await using var running = await ServerUnderTest.StartAsync();
        var tools = await running.Client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(tools.Select(tool => tool.Name), manifest.GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("name").GetString()));
        var sensitive = manifest.GetProperty("user_config").EnumerateObject().Where(each => each.Value.TryGetProperty("sensitive", out var isTrue) && isTrue.GetBoolean());
        Assert.Equal(["toapis_api_key", "apimart_api_key"], sensitive.Select(each => each.Name));
        await bundle.ExtractToDirectoryAsync(Path.Combine(folder, "installed"), TestContext.Current.CancellationToken);
        Assert.Equal(Product.Version, await RunAsync(Path.Combine(folder, "installed", manifest.GetProperty("server").GetProperty("entry_point").GetString()!), "--version"));
    }

    private Task<ZipArchive> OpenAsync(string pattern) => ZipFile.OpenReadAsync(Assert.Single(Directory.GetFiles(folder, pattern)), TestContext.Current.CancellationToken);

    private static async Task<string> TextAsync(ZipArchive archive, string name)
    {
        var entry = archive.GetEntry(name);
        Assert.True(entry is not null, $"{name} is missing");
        using var reader = new StreamReader(await entry.OpenAsync(TestContext.Current.CancellationToken));
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, output);
        return output.Trim();
    }
}
