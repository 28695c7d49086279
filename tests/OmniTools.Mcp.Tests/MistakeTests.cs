using System.Text;
using ModelContextProtocol;
using OmniTools.Http;
using OmniTools.Sandbox;
using OmniTools.Testing;

namespace OmniTools.Mcp.Tests;

/// <summary>
/// Assistants make mistakes. Mistakes.md holds the malformed and unwise calls with the exact answers; a changed answer shows up here
/// and in review. <c>OMNI_UPDATE_MISTAKES=1</c> writes the answers anew.
/// </summary>
public sealed class MistakeTests
{
    private readonly NoonClock clock = new();
    private readonly ManualClock providerClock = new(NoonClock.Noon);
    private readonly Dictionary<string, string> names = [];

    [Fact]
    public async Task Every_mistake_gets_the_approved_answer_and_the_provider_sold_what_was_intended()
    {
        var path = Path.Combine(Repository.TestFolder, "Mistakes.md");
        var approved = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        var (head, blocks) = Mistakes.Parse(approved);
        await using var server = await ServerUnderTest.StartAsync(
            settings => settings with { DefaultProvider = "toapis", MaxVideosPerDay = "8" },
            settings => Client(settings, new SandboxHandler(new() { Folder = Sold(settings), Time = providerClock, Duration = TimeSpan.FromSeconds(10) })),
            time: clock);

        var text = new StringBuilder(head);
        foreach (var block in blocks)
            text.Append(Mistakes.Show(block, await AnswerAsync(server, block.Call)));

        if (Environment.GetEnvironmentVariable("OMNI_UPDATE_MISTAKES") == "1")
            await File.WriteAllTextAsync(path, text.ToString(), TestContext.Current.CancellationToken);
        else
            Assert.Equal(approved, text.ToString());
        Assert.True(blocks.Count >= 60, $"{blocks.Count} calls");
        var intents = server.Session.Client.List().Where(task => task.Id is not null).Select(task => task.RequestKey).ToList();
        Assert.Equal(intents.Count, Directory.GetFiles(Sold(server.Settings), "*.json").Length);
        Assert.Equal(intents.Count, intents.Distinct().Count());
    }

    private async Task<string> AnswerAsync(ServerUnderTest server, string call)
    {
        if (call == Mistakes.TimePasses)
        {
            providerClock.Advance(TimeSpan.FromHours(1));
            return "(what was running has ended)";
        }
        var (times, once) = Mistakes.Repeated(call);
        foreach (var (id, name) in names)
            once = once.Replace($"\"{name}\"", $"\"{id}\"", StringComparison.Ordinal);
        var end = once.IndexOf(' ', StringComparison.Ordinal);
        var answer = "";
        for (var i = 0; i < times; i++)
            answer = await AnswerOnceAsync(server, once[..end], once[(end + 1)..]);
        return Mistakes.Settled(answer, Path.GetDirectoryName(server.OutputRoot)!, names);
    }

    private static async Task<string> AnswerOnceAsync(ServerUnderTest server, string tool, string arguments)
    {
        try
        {
            var result = await server.CallAsync(tool, arguments);
            return (result.IsError == true ? "refused: " : "answered: ") + ServerUnderTest.Text(result);
        }
        catch (McpProtocolException refused)
        {
            return $"protocol error {(int)refused.ErrorCode}: {refused.Message}";
        }
    }

    /// <summary>Where the provider keeps what it sold, a file each.</summary>
    private static string Sold(OmniSettings settings) => Path.Combine(settings.Home, "provider");

    private OmniClient Client(OmniSettings settings, SandboxHandler provider) => new(
        settings with { Providers = new[] { "toapis", "apimart" }.ToDictionary(id => id, _ => new ProviderSettings { Key = new ApiKey("no-key-needed-offline"), KeySource = "the sandbox" }) },
        new() { Handler = provider, Time = clock });
}
