using System.IO.Compression;
using System.Text.Json;

namespace OmniTools.Mcp.Tests;

/// <summary>The package and the bundle hold what registries and clients read, and a server that starts.</summary>
public sealed class PackageTests(PackageFixture packed) : IClassFixture<PackageFixture>, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("omni-installed-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task The_package_is_an_MCP_server_and_a_tool_with_its_registry_entry()
    {
        await using var package = await packed.OpenAsync("*.nupkg");

        var nuspec = await TextAsync(package, "OmniTools.Mcp.nuspec");
        AssertText.Contains("<packageType name=\"McpServer\" />", nuspec);
        AssertText.Contains("<packageType name=\"DotnetTool\" />", nuspec);
        AssertText.Contains("\"omnitools-mcp\"", await TextAsync(package, "tools/net10.0/any/DotnetToolSettings.xml"));
        var server = JsonElement.Parse(await TextAsync(package, ".mcp/server.json"));
        Assert.Equal(Product.Version, server.GetProperty("version").GetString());
        Assert.Equal(Product.Version, server.GetProperty("packages")[0].GetProperty("version").GetString());
        // The registry matches package and entry by this line.
        AssertText.Contains(
            $"mcp-name: {server.GetProperty("name").GetString()}\n", await TextAsync(package, "README.md"));
    }

    [Theory]
    [InlineData("*.nupkg", "tools/net10.0/any/")]
    [InlineData("*.mcpb", "server/")]
    public async Task The_package_and_the_bundle_carry_the_ledgers_SQLite_for_every_platform(string file, string below)
    {
        await using var package = await packed.OpenAsync(file);

        var natives = package.Entries.Select(entry => entry.FullName)
            .Where(name => name.Contains("/native/", StringComparison.Ordinal));

        Assert.Equal(
            [
                "linux-arm64/native/libe_sqlite3.so", "linux-musl-x64/native/libe_sqlite3.so",
                    "linux-x64/native/libe_sqlite3.so",
                "osx-arm64/native/libe_sqlite3.dylib", "osx-x64/native/libe_sqlite3.dylib",
                "win-arm64/native/e_sqlite3.dll", "win-x64/native/e_sqlite3.dll",
            ],
            natives.Select(name => name.Replace(below + "runtimes/", "", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal));
        Assert.NotNull(package.GetEntry(below + "OmniTools.Storage.dll"));
    }

    [Fact]
    public async Task The_package_installs_as_a_tool_that_answers_a_client()
    {
        var tools = Path.Combine(folder, "tools");
        await PackageFixture.RunAsync("tool", "install", "OmniTools.Mcp", "--version", Product.Version,
            "--tool-path", tools, "--source", packed.Folder, "--no-cache");

        using var server = ServerProcess.Of(
            Path.Combine(tools, OperatingSystem.IsWindows() ? "omnitools-mcp.exe" : "omnitools-mcp"),
            folder,
            [("OMNI_SANDBOX", "1")]);
        await server.GreetAsync();

        Assert.Equal(7, (await server.AskAsync(2, "tools/list", "{}")).GetProperty("tools").GetArrayLength());
    }

    [Fact]
    public async Task The_bundle_starts_from_the_folder_it_is_expanded_to_as_its_manifest_says()
    {
        await using (var bundle = await packed.OpenAsync("*.mcpb"))
            await bundle.ExtractToDirectoryAsync(folder);
        var manifest = new BundleManifest(await File.ReadAllTextAsync(Path.Combine(folder, "manifest.json")));
        var given = manifest.Defaults();
        given["sandbox"] = "1";

        var (command, arguments, variables) = manifest.Start(folder, given);
        using var server = ServerProcess.Of(command, folder, variables, arguments);
        await server.GreetAsync();
        var status = (await server.AskAsync(2, "tools/call", """{"name":"get_provider_status"}""")).GetProperty(
            "structuredContent");

        Assert.Equal(Product.Version, manifest.Json.GetProperty("version").GetString());
        Assert.True(File.Exists(Path.Combine(folder, manifest.Server.GetProperty("entry_point").GetString()!)));
        Assert.True(status.GetProperty("ready").GetBoolean());
        AssertText.EndsWith("Videos/OmniTools", status.GetProperty("output_root").GetString()!.Replace('\\', '/'));
    }

    private static async Task<string> TextAsync(ZipArchive archive, string name)
    {
        var entry = archive.GetEntry(name);
        Assert.True(entry is not null, $"{name} is missing");
        using var reader = new StreamReader(await entry.OpenAsync());
        return await reader.ReadToEndAsync();
    }
}
