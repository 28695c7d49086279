using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using OmniTools.Configuration;
using OmniTools.Sandbox;

namespace OmniTools.Mcp.Tests;

/// <summary>What an assistant has to read, as complete JSON; four characters count as a token.</summary>
public sealed class BudgetTests
{
    private const int Clips = 50;

    [Fact]
    public async Task TheToolList_IsAtMost3400Tokens()
    {
        await using var server = await ServerFixture.StartAsync();

        var tools = await server.Client.ListToolsAsync();

        Assert.InRange(Tokens(new ListToolsResult { Tools = [.. tools.Select(tool => tool.ProtocolTool)] }), 1, 3400);
    }

    [Theory]
    [InlineData("""{"prompt":"a fox"}""")]
    [InlineData("""{"prompt":"LONG","provider":"apimart"}""")]
    [InlineData("""
        {"prompt":"a fox","provider":"toapis","model":"gemini_omni_flash_of_tomorrow",
         "request_key":"a-rather-long-key-0001"}
        """)]
    public async Task AGenerateVideoAnswer_IsAtMost300Tokens(string arguments)
    {
        await using var server = await ServerFixture.StartAsync();
        var call = arguments.Replace("LONG", new string('x', 5000), StringComparison.Ordinal);
        Assert.InRange(Tokens(await server.CallAsync("generate_video", call)), 1, 300);
    }

    [Theory]
    [InlineData("", 5, true)]
    [InlineData(" [fail]", 5, true)]
    [InlineData(" [fail]", 5, false)]
    [InlineData("", 0, true)]
    [InlineData("", 5, false)]
    public async Task AWaitVideoTaskAnswerFor50Tasks_IsAtMost3000Tokens(string word, int seconds, bool isAlike)
    {
        var providerClock = new TestTimeProvider();
        await using var server = await ServerFixture.StartAsync(null, settings => new OmniClient(
            SandboxSettings(settings),
            TestSettings.Options with
            {
                Handler = new SandboxHandler(new()
                {
                    Folder = Path.Combine(settings.Home, "provider"),
                    TimeProvider = providerClock
                }),
            }));
        var ids = new List<string>();
        for (var i = 0; i < Clips; i++)
        {
            var prompt =
                $"A long description of a scene that every clip of this list begins with, number {i}"
                + (isAlike || i % 2 == 0 ? word : "");
            var made = await server.GetAsync(
                "generate_video", $$"""{"prompt":"{{prompt}}","provider":"{{(i % 2 == 0 ? "apimart" : "toapis")}}"}""");
            ids.Add(made.TaskId());
        }
        if (seconds > 0)
            providerClock.Advance(TimeSpan.FromHours(1));

        var result = await server.CallAsync(
            "wait_video_task",
            $$"""{"task_ids":[{{string.Join(',', ids.Select(id => $"\"{id}\""))}}],"timeout_seconds":{{seconds}}}""");

        Assert.Equal(seconds > 0, result.StructuredContent!.Value.GetProperty("all_ended").GetBoolean());
        Assert.Equal(Clips, result.StructuredContent.Value.GetProperty("tasks").GetArrayLength());
        Assert.All(ids, id => AssertText.Contains(id, ServerFixture.Text(result)));
        Assert.InRange(Tokens(result), 1, 3000);
    }

    private static OmniSettings SandboxSettings(OmniSettings settings) => settings with
    {
        Providers = new[] { "toapis", "apimart" }.ToDictionary(id => id, _ =>
            new ProviderSettings { Key = new("no-key-needed-offline") }),
    };

    private static int Tokens<T>(T result) =>
        (JsonSerializer.Serialize(result, McpJsonUtilities.DefaultOptions).Length + 3) / 4;
}
