using System.Text.Json;
using System.Text.RegularExpressions;
using OmniTools.Catalog;
using OmniTools.Configuration;

namespace OmniTools.Mcp.Tests;

/// <summary>
/// The registry entry against the rules of https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json
/// and those of the official registry for NuGet packages, as far as they concern an entry like ours.
/// </summary>
public sealed partial class RegistryEntryTests
{
    private static readonly JsonElement Entry = JsonElement.Parse(
        File.ReadAllText(Path.Combine(Repository.Root, "src", "OmniTools.Mcp", ".mcp", "server.json")));

    private static readonly JsonElement Package = Entry.GetProperty("packages").EnumerateArray().Single();

    private static IEnumerable<JsonElement> Variables => Package.GetProperty("environmentVariables").EnumerateArray();

    [Fact]
    public void The_entry_names_its_schema_and_uses_no_word_that_the_schema_does_not_know()
    {
        Assert.Equal(
            "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json", Text(Entry, "$schema"));
        Known(
            Entry,
            "$schema", "name", "title", "description", "version", "packages", "repository", "websiteUrl", "icons",
            "remotes",
            "_meta");
        Known(
            Package,
            "registryType", "registryBaseUrl", "identifier", "version", "runtimeHint", "runtimeArguments",
            "packageArguments", "environmentVariables", "transport",
            "fileSha256");
        Known(Package.GetProperty("transport"), "type");
        Assert.All(Variables, variable =>
            Known(
                variable,
                "name", "description", "isRequired", "isSecret", "format", "choices", "default", "placeholder",
                "value",
                "variables"));
    }

    [Fact]
    public void Names_and_texts_of_the_registry_entry_have_valid_form_and_length()
    {
        Assert.Matches(Name(), Text(Entry, "name"));
        Assert.InRange(Text(Entry, "name").Length, 3, 200);
        Assert.InRange(Text(Entry, "title").Length, 1, 100);
        Assert.InRange(Text(Entry, "description").Length, 1, 100);
    }

    [Fact]
    public void The_package_is_the_NuGet_tool_over_stdio_and_both_versions_are_filled_in_when_it_is_packed()
    {
        Assert.Equal(
            ("nuget", "https://api.nuget.org/v3/index.json", "OmniTools.Mcp"),
            (Text(Package, "registryType"), Text(Package, "registryBaseUrl"), Text(Package, "identifier")));
        Assert.Equal(("dnx", "stdio"), (Text(Package, "runtimeHint"), Text(Package.GetProperty("transport"), "type")));
        Assert.Equal(("$version$", "$version$"), (Text(Entry, "version"), Text(Package, "version")));
    }

    [Fact]
    public void Every_variable_is_in_the_entry_the_help_and_the_README_and_only_keys_and_ledger_are_secret()
    {
        var read = new HashSet<string>();
        OmniSettings.FromEnvironment(name =>
        {
            read.Add(name);
            return null;
        });

        Assert.Equal(read.Order(), Variables.Select(variable => Text(variable, "name")).Order());
        var secrets = Variables
            .Where(variable => variable.TryGetProperty("isSecret", out var isSecret) && isSecret.GetBoolean())
            .Select(variable => Text(variable, "name"));
        Assert.Equal(ModelCatalog.Providers.Select(spec => spec.KeyVariable).Append("OMNI_LEDGER"), secrets);
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        Assert.All(read, name =>
        {
            AssertText.Contains(name, Commands.CommandLine.Help);
            AssertText.Contains($"`{name}`", readme);
        });
        // One key of two is enough and the sandbox needs none, so a client must not insist on any.
        Assert.All(Variables, variable => Assert.False(variable.GetProperty("isRequired").GetBoolean()));
    }

    [Fact]
    public void Values_are_of_kinds_that_the_schema_knows_and_placeholders_are_the_addresses_in_use()
    {
        foreach (var variable in Variables)
        {
            Assert.NotEmpty(Text(variable, "description"));
            if (variable.TryGetProperty("format", out var format))
                Assert.Contains(format.GetString(), new[] { "string", "number", "boolean", "filepath" });
        }
        foreach (var spec in ModelCatalog.Providers)
            Assert.Equal(
                spec.BaseAddress,
                Text(Variables.Single(variable => Text(variable, "name") == spec.BaseVariable), "placeholder"));
        Assert.Equal(
            ModelCatalog.Providers.Select(spec => spec.Id),
            Variables.Single(variable => Text(variable, "name") == "OMNI_PROVIDER")
                .GetProperty("choices").EnumerateArray().Select(choice => choice.GetString()));
    }

    private static void Known(JsonElement element, params string[] names) =>
        Assert.Empty(element.EnumerateObject().Select(each => each.Name).Except(names));

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    [GeneratedRegex("^[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+$")]
    private static partial Regex Name();
}
