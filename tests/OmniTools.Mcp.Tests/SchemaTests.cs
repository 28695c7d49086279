using System.Text.Json;
using OmniTools.Mcp.Protocol;
using OmniTools.Mcp.Tools;

namespace OmniTools.Mcp.Tests;

public sealed class SchemaTests
{
    private static readonly string[] Pinned =
    [
        "generate_video", "get_video_task", "wait_video_task", "save_video", "list_video_tasks", "list_models",
        "get_provider_status",
    ];

    [Fact]
    public async Task ListTools_OffersTheSevenTools_AndEveryArgumentHasADescription()
    {
        await using var server = await ServerFixture.StartAsync();

        var tools = await server.Client.ListToolsAsync();

        Assert.Equal(Pinned, tools.Select(tool => tool.Name));
        Assert.All(tools.SelectMany(tool => tool.ProtocolTool.InputSchema.GetProperty("properties").EnumerateObject()),
            argument => Assert.True(argument.Value.TryGetProperty("description", out var text)
                && text.GetString()!.Length > 5, argument.Name));
    }

    [Fact]
    public async Task Every_input_schema_is_closed_and_uses_nothing_that_some_client_cannot_read()
    {
        await using var server = await ServerFixture.StartAsync();

        foreach (var tool in await server.Client.ListToolsAsync())
        {
            var schema = tool.ProtocolTool.InputSchema;
            Assert.False(schema.GetProperty("additionalProperties").GetBoolean());
            foreach (var property in schema.GetProperty("properties").EnumerateObject())
                Assert.Equal(JsonValueKind.String, property.Value.GetProperty("type").ValueKind);
            foreach (var word in new[] { "anyOf", "oneOf", "allOf", "$ref", "null" })
                AssertText.DoesNotContain($"\"{word}\"", schema.GetRawText());
            Assert.NotNull(tool.ProtocolTool.OutputSchema);
            Assert.NotNull(tool.ProtocolTool.Title);
        }
    }

    [Fact]
    public async Task Only_the_tool_that_spends_claims_to_be_unrepeatable_and_only_saving_writes_besides()
    {
        await using var server = await ServerFixture.StartAsync();

        var tools = await server.Client.ListToolsAsync();

        var writing = tools.Where(tool => tool.ProtocolTool.Annotations!.ReadOnlyHint != true)
            .Select(tool => tool.Name);
        Assert.Equal(["generate_video", "save_video"], writing);
        var spending = tools.Single(tool => tool.ProtocolTool.Annotations!.IdempotentHint == false);
        Assert.Equal("generate_video", spending.Name);
    }

    [Fact]
    public void The_example_of_every_field_passes_its_own_check()
    {
        OmniTool[] tools =
        [
            new GenerateVideoTool(),
            new GetVideoTaskTool(),
            new WaitVideoTaskTool(),
            new SaveVideoTool(),
            new ListVideoTasksTool(),
            new ListModelsTool(),
        ];
        foreach (var tool in tools)
        {
            var call = tool.Input.Parameters.ToDictionary(
                field => field.Name, field => JsonElement.Parse(field.Example));
            Assert.Empty(tool.Input.Read(call).Errors);
        }
    }

    [Fact]
    public void A_null_counts_as_left_out_and_a_whole_number_may_be_written_with_a_point()
    {
        var input = new WaitVideoTaskTool().Input;

        var (arguments, mistakes) = input.Read(new Dictionary<string, JsonElement>
        {
            ["task_ids"] = JsonElement.Parse("""["a"]"""),
            ["provider"] = JsonElement.Parse("null"),
            ["timeout_seconds"] = JsonElement.Parse("10.0"),
        });

        Assert.Empty(mistakes);
        Assert.Equal(10, arguments.GetInteger("timeout_seconds"));
        Assert.Null(arguments.GetString("provider"));
    }
}
