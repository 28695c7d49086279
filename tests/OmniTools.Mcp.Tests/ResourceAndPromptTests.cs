using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace OmniTools.Mcp.Tests;

public sealed class ResourceAndPromptTests
{
    [Fact]
    public async Task Providers_and_tasks_can_be_read_as_resources_and_task_ids_are_completed_from_the_ledger()
    {
        await using var server = await ServerFixture.StartAsync();
        var made = await server.GetAsync("generate_video", """{"prompt":"a fox","request_key":"scene"}""");
        var id = made.TaskId();

        var completion = await server.Client.CompleteAsync(
            new ResourceTemplateReference { Uri = "omni://tasks/{id}" }, "id", id[..8]);
        var read = await server.Client.ReadResourceAsync($"omni://tasks/{completion.Completion.Values.Single()}");

        AssertText.Contains(
            "\"request_key\":\"scene\"", Assert.IsType<TextResourceContents>(read.Contents.Single()).Text);
        var providers = await server.Client.ReadResourceAsync("omni://providers");
        AssertText.Contains("\"apimart\"", Assert.IsType<TextResourceContents>(providers.Contents.Single()).Text);
        await Assert.ThrowsAsync<McpProtocolException>(() =>
            server.Client.ReadResourceAsync("omni://tasks/nowhere").AsTask());
    }

    [Fact]
    public async Task Every_prompt_can_be_fetched_and_leaves_spending_to_the_user()
    {
        await using var server = await ServerFixture.StartAsync();

        foreach (var prompt in await server.Client.ListPromptsAsync())
        {
            var arguments = prompt.ProtocolPrompt.Arguments?.ToDictionary(
                argument => argument.Name, _ => (object?)"a lighthouse");
            var got = await prompt.GetAsync(arguments);
            var text = Assert.IsType<TextContentBlock>(got.Messages.Single().Content).Text;
            Assert.Matches("only after I agree|wait for my agreement|Submit nothing", text);
        }
        Assert.Equal(0, (await server.GetAsync("list_video_tasks")).GetProperty("tasks").GetArrayLength());
    }

    [Theory]
    [InlineData("shape_clip", "idea", "one continuous shot", "timecode", "image 1", "no music", "dry_run=true")]
    [InlineData(
        "plan_sequence", "story", "one continuous shot", "timecodes", "extend_from_task_id", "sound", "dry_run=true")]
    public async Task A_prompt_includes_what_is_known_of_the_model(string name, string argument, params string[] facts)
    {
        await using var server = await ServerFixture.StartAsync();

        var got = await server.Client.GetPromptAsync(
            name, new Dictionary<string, object?> { [argument] = "a lighthouse" });

        var text = Assert.IsType<TextContentBlock>(got.Messages.Single().Content).Text;
        AssertText.Contains("\"a lighthouse\"", text);
        Assert.All(facts, fact => AssertText.Contains(fact, text));
    }
}
