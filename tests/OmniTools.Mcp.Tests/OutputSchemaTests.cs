using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace OmniTools.Mcp.Tests;

/// <summary>Every answer fits the declared output schema, as strict clients check.</summary>
public sealed class OutputSchemaTests
{
    [Theory]
    [InlineData("generate_video", """{"prompt":"another fox"}""")]
    [InlineData("generate_video", """{"prompt":"another fox","dry_run":true}""")]
    [InlineData("get_video_task", """{"task_id":"scene"}""")]
    [InlineData("wait_video_task", """{"task_ids":["scene","nowhere"],"timeout_seconds":1}""")]
    [InlineData("list_video_tasks", "{}")]
    [InlineData("list_models", "{}")]
    [InlineData("list_models", """{"can":["audio","extend"],"duration_seconds":500}""")]
    [InlineData("get_provider_status", "{}")]
    public async Task Every_answer_fits_its_declared_schema(string tool, string arguments)
    {
        await using var server = await ServerFixture.StartAsync();
        await server.GetAsync("generate_video", """{"prompt":"a fox","request_key":"scene"}""");
        var tools = await server.Client.ListToolsAsync();

        var answer = await server.GetAsync(tool, arguments);

        Check(tools.Single(each => each.Name == tool).ProtocolTool.OutputSchema!.Value, answer, tool);
    }

    [Fact]
    public async Task A_saved_video_fits_its_declared_schema_and_its_download_reports_progress()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.GetAsync("generate_video", """{"prompt":"a fox","request_key":"scene"}""");
        await server.GetAsync("wait_video_task", """{"task_ids":["scene"]}""");
        var tools = await server.Client.ListToolsAsync();
        // The client handles each message on its own: what it handles after the answer reaches no recorder.
        var reported = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var handler = server.Client.RegisterNotificationHandler(
            NotificationMethods.ProgressNotification, (notification, _) =>
            {
                reported.TrySetResult(notification.Params?["message"]?.GetValue<string>());
                return ValueTask.CompletedTask;
            });
        var progress = new ProgressRecorder();

        var answer = await server.GetAsync("save_video", """{"task_id":"scene","path":"fox.mp4"}""", progress);

        Check(tools.Single(each => each.Name == "save_video").ProtocolTool.OutputSchema!.Value, answer, "save_video");
        AssertText.StartsWith("fox.mp4: ", await reported.Task.WaitAsync(TimeSpan.FromSeconds(30)));
        progress.AssertIncreasing();
    }

    internal static void Check(JsonElement schema, JsonElement value, string path)
    {
        if (schema.TryGetProperty("type", out var type))
        {
            var fits = type.GetString() switch
            {
                "object" => value.ValueKind == JsonValueKind.Object,
                "array" => value.ValueKind == JsonValueKind.Array,
                "string" => value.ValueKind == JsonValueKind.String,
                "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
                "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
                "number" => value.ValueKind == JsonValueKind.Number,
                _ => false,
            };
            Assert.True(fits, $"{path} is {value.ValueKind}, not {type}");
        }
        if (schema.TryGetProperty("enum", out var choices))
            Assert.Contains(value.GetRawText(), choices.EnumerateArray().Select(choice => choice.GetRawText()));
        if (schema.TryGetProperty("required", out var required))
            Assert.All(required.EnumerateArray(), name =>
                Assert.True(value.TryGetProperty(name.GetString()!, out _), $"{path} has no {name}"));
        if (schema.TryGetProperty("properties", out var properties))
        {
            // Where the schema lists the fields, the answer has no other.
            Assert.All(value.EnumerateObject(), each =>
                Assert.True(properties.TryGetProperty(each.Name, out _), $"{path}.{each.Name} is not declared"));
            foreach (var each in value.EnumerateObject())
                Check(properties.GetProperty(each.Name), each.Value, $"{path}.{each.Name}");
        }
        if (schema.TryGetProperty("items", out var items))
        {
            foreach (var each in value.EnumerateArray())
                Check(items, each, path + "[]");
        }
    }
}
