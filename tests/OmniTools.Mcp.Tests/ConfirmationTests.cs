using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace OmniTools.Mcp.Tests;

/// <summary>Past OMNI_CONFIRM_ABOVE videos a day the user is asked before each further one.</summary>
public sealed class ConfirmationTests
{
    [Theory]
    [InlineData("2026-07-28")]
    [InlineData("2025-11-25")]
    public async Task A_client_without_elicitation_is_refused_with_the_limit_named(string revision)
    {
        await using var server = await StartAsync(new() { ProtocolVersion = revision });

        var text = await server.RefusalAsync("generate_video", """{"prompt":"a fox"}""");

        AssertText.StartsWith("limit_reached: ", text);
        AssertText.Contains("OMNI_CONFIRM_ABOVE", text);
    }

    [Theory]
    [InlineData("2026-07-28", "accept", 1)]
    [InlineData("2026-07-28", "decline", 0)]
    [InlineData("2025-11-25", "accept", 1)]
    [InlineData("2025-11-25", "decline", 0)]
    [InlineData("2025-11-25", "cancel", 0)]
    public async Task The_answer_to_a_confirmation_decides_about_one_clip(string revision, string word, int bought)
    {
        var asked = new List<string>();
        await using var server = await StartAsync(Asking(revision, word, asked));

        var result = await server.CallAsync("generate_video", """{"prompt":"a fox","request_key":"fox"}""");

        AssertText.Contains("Buy one more video", Assert.Single(asked));
        Assert.Equal(bought == 1, result.IsError != true);
        Assert.Equal(bought, server.Session.Client.ListTasks().Count());
    }

    [Fact]
    public async Task No_confirmation_is_requested_for_a_call_that_costs_nothing()
    {
        var asked = new List<string>();
        await using var server = await StartAsync(Asking("2025-11-25", "accept", asked));
        await server.GetAsync("generate_video", """{"prompt":"a fox","dry_run":true}""");
        await server.RefusalAsync("generate_video", """{"prompt":"a fox","duration_seconds":7,"provider":"toapis"}""");
        Assert.Empty(asked);

        await server.GetAsync("generate_video", """{"prompt":"a fox","request_key":"fox"}""");
        await server.GetAsync("generate_video", """{"prompt":"a fox","request_key":"fox"}""");

        Assert.Single(asked);
    }

    private static Task<ServerFixture> StartAsync(McpClientOptions options) =>
        ServerFixture.StartAsync(settings => settings with { ConfirmAbove = "0" }, options: options);

    private static McpClientOptions Asking(string revision, string word, List<string> asked) =>
        new()
        {
            ProtocolVersion = revision,
            Capabilities = new() { Elicitation = new() { Form = new() } },
            Handlers = new()
            {
                ElicitationHandler = (request, _) =>
                {
                    asked.Add(request!.Message);
                    return ValueTask.FromResult(
                        new ElicitResult { Action = word, Content = new Dictionary<string, JsonElement>() });
                },
            },
        };
}
