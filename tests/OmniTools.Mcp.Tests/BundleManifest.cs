using System.Text.Json;

namespace OmniTools.Mcp.Tests;

/// <summary>A bundle's manifest as a desktop client reads it.</summary>
internal sealed class BundleManifest(string text)
{
    public JsonElement Json { get; } = JsonElement.Parse(text);

    public JsonElement Server => Json.GetProperty("server");

    public JsonElement Configuration => Server.GetProperty("mcp_config");

    public IEnumerable<JsonProperty> Options => Json.GetProperty("user_config").EnumerateObject();

    /// <summary>What a user has set who only clicked "install".</summary>
    public Dictionary<string, string> Defaults() =>
        Options.ToDictionary(option => option.Name, option => option.Value.GetProperty("default").GetString()!);

    /// <summary>
    /// The command, its arguments and variables for a bundle expanded to <paramref name="folder"/>, which stands for
    /// the home folder too.
    /// </summary>
    public (
        string Command,
        IReadOnlyList<string> Arguments,
        IReadOnlyList<(string Name, string Value)> Variables
    ) Start(string folder, IReadOnlyDictionary<string, string> given)
    {
        return (
            Filled(Configuration.GetProperty("command").GetString()!),
            [.. Configuration.GetProperty("args").EnumerateArray().Select(each => Filled(each.GetString()!))],
            [
                .. Configuration.GetProperty("env")
                    .EnumerateObject().Select(each => (each.Name, Filled(each.Value.GetString()!))),
            ]);

        string Filled(string value)
        {
            foreach (var (name, set) in given)
                value = value.Replace($"${{user_config.{name}}}", set, StringComparison.Ordinal);
            value = value.Replace("${__dirname}", folder, StringComparison.Ordinal)
                .Replace("${HOME}", folder, StringComparison.Ordinal);
            AssertText.DoesNotContain("${", value);
            return value;
        }
    }
}
