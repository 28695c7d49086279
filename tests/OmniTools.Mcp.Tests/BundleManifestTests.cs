using System.Text.Json;
using OmniTools.Configuration;

namespace OmniTools.Mcp.Tests;

/// <summary>
/// The bundle's manifest against the rules of the MCPB manifest 0.3 (modelcontextprotocol/mcpb, MANIFEST.md and its
/// schema, which is closed).
/// </summary>
public sealed class BundleManifestTests
{
    private static readonly BundleManifest Manifest = new(
        File.ReadAllText(Path.Combine(Repository.Root, "src", "OmniTools.Mcp", "bundle", "manifest.json")));

    [Fact]
    public void The_manifest_has_what_is_required_and_nothing_that_is_not_known()
    {
        var known = new[]
        {
            "manifest_version", "name", "display_name", "version", "description", "long_description", "author",
            "repository", "homepage", "documentation", "support", "icon", "icons", "screenshots", "localization",
            "server", "tools", "tools_generated", "prompts", "prompts_generated", "keywords", "license",
            "privacy_policies", "compatibility", "user_config", "_meta",
        };
        Assert.Empty(Names(Manifest.Json).Except(known));
        Assert.Empty(
            new[] { "manifest_version", "name", "version", "description", "author", "server" }.Except(
                Names(Manifest.Json)));
        Assert.Equal("0.3", Manifest.Json.GetProperty("manifest_version").GetString());
        Assert.Equal(["name"], Names(Manifest.Json.GetProperty("author")));
        Assert.Equal(["type", "entry_point", "mcp_config"], Names(Manifest.Server));
        Assert.Contains(Manifest.Server.GetProperty("type").GetString(), new[] { "python", "node", "binary" });
        Assert.Empty(Names(Manifest.Configuration).Except(["command", "args", "env", "platform_overrides"]));
        Assert.Empty(
            Manifest.Json.GetProperty("compatibility").GetProperty("platforms").EnumerateArray()
                .Select(each => each.GetString()).Except(["darwin", "win32", "linux"]));
    }

    [Fact]
    public void The_entry_point_is_what_the_command_starts()
    {
        var entry = Manifest.Server.GetProperty("entry_point").GetString();

        Assert.Contains(
            $"${{__dirname}}/{entry}",
            Manifest.Configuration.GetProperty("args").EnumerateArray().Select(each => each.GetString()));
    }

    [Fact]
    public void Every_option_is_passed_to_the_server_and_only_the_keys_are_secret()
    {
        foreach (var option in Manifest.Options)
        {
            Assert.Empty(
                Names(option.Value)
                    .Except([
                        "type", "title", "description", "required", "default", "multiple", "sensitive", "min", "max",
                    ]));
            Assert.Contains(
                option.Value.GetProperty("type").GetString(),
                new[] { "string", "number", "boolean", "directory", "file" });
            Assert.NotEmpty(option.Value.GetProperty("title").GetString()!);
            Assert.NotEmpty(option.Value.GetProperty("description").GetString()!);
        }
        var variables = Manifest.Configuration.GetProperty("env").EnumerateObject().ToList();
        Assert.Equal(
            Manifest.Options.Select(option => $"${{user_config.{option.Name}}}"),
            variables.Select(variable => variable.Value.GetString()));
        var sensitive = Manifest.Options.Where(option =>
            option.Value.TryGetProperty("sensitive", out var isTrue) && isTrue.GetBoolean());
        Assert.Equal(["toapis_api_key", "apimart_api_key", "ledger"], sensitive.Select(option => option.Name));
    }

    [Fact]
    public void An_option_left_as_installed_counts_as_not_set()
    {
        var (_, _, variables) = Manifest.Start("/home/user", Manifest.Defaults());
        var read = new HashSet<string>();

        var settings = OmniSettings.FromEnvironment(name =>
        {
            read.Add(name);
            return variables.FirstOrDefault(variable => variable.Name == name).Value;
        });

        Assert.Empty(variables.Select(variable => variable.Name).Except(read));
        Assert.False(settings.IsSandbox);
        Assert.All(settings.Providers.Values, provider => Assert.Null(provider.Key));
        Assert.Equal((null, null, null), (settings.DefaultProvider, settings.MaxVideosPerDay, settings.ConfirmAbove));
    }

    [Fact]
    public async Task The_manifest_lists_the_tools_that_the_server_has()
    {
        await using var server = await ServerFixture.StartAsync();

        var tools = await server.Client.ListToolsAsync();

        Assert.Equal(
            tools.Select(tool => tool.Name),
            Manifest.Json.GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("name").GetString()));
        // The texts of the prompts are the server's: the manifest only says that there are some.
        Assert.True(Manifest.Json.GetProperty("prompts_generated").GetBoolean());
    }

    private static IEnumerable<string> Names(JsonElement element) =>
        element.EnumerateObject().Select(each => each.Name);
}
