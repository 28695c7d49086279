using System.Security.Cryptography;
using ModelContextProtocol.Protocol;

namespace OmniTools.Mcp.Tests;

public sealed class GenerateVideoTests
{
    [Fact]
    public async Task A_clip_is_made_waited_for_and_saved_and_each_answer_names_the_next_call()
    {
        await using var server = await ServerFixture.StartAsync();

        var made = await server.GetAsync("generate_video", """{"prompt":"a fox","provider":"apimart"}""");
        var id = made.TaskId();
        AssertText.StartsWith($$"""wait_video_task {"task_ids":["{{id}}"]}""", made.GetProperty("next").GetString());

        var waited = await server.GetAsync("wait_video_task", $$"""{"task_ids":["{{id}}"]}""");
        Assert.True(waited.GetProperty("all_ended").GetBoolean());
        Assert.Equal("completed", waited.GetProperty("tasks")[0].GetProperty("status").GetString());
        Assert.Equal($$"""save_video {"task_id":"{{id}}"}""", waited.GetProperty("next").GetString());

        var result = await server.CallAsync("save_video", $$"""{"task_id":"{{id}}","path":"clips/fox.mp4"}""");
        var file = result.StructuredContent!.Value.GetProperty("files")[0];
        var path = file.GetProperty("path").GetString()!;
        Assert.Equal(Path.Combine(server.OutputRoot, "clips", "fox.mp4"), path);
        Assert.Equal(new FileInfo(path).Length, file.GetProperty("bytes").GetInt64());
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(path))),
            file.GetProperty("sha256").GetString());
        var link = Assert.Single(result.Content.OfType<ResourceLinkBlock>());
        Assert.Equal(new Uri(path).AbsoluteUri, link.Uri);
    }

    [Fact]
    public async Task A_model_that_the_catalog_does_not_know_is_sent_with_a_warning()
    {
        await using var server = await ServerFixture.StartAsync();

        var result = await server.CallAsync(
            "generate_video", """{"prompt":"a fox","provider":"toapis","model":"gemini_next"}""");

        AssertText.Contains("'gemini_next' is not in the catalog", ServerFixture.Text(result));
        AssertText.Contains(
            "'gemini_next'",
            Assert.Single(result.StructuredContent!.Value.GetProperty("warnings").EnumerateArray()).GetString());
        Assert.False(
            (await server.GetAsync("generate_video", """{"prompt":"a fox"}""")).TryGetProperty("warnings", out _));
    }

    [Fact]
    public async Task The_same_request_key_is_the_same_clip_and_finds_it_again()
    {
        await using var server = await ServerFixture.StartAsync();

        var first = await server.GetAsync("generate_video", """{"prompt":"a fox","request_key":"scene-1"}""");
        var again = await server.GetAsync("generate_video", """{"prompt":"a fox","request_key":"scene-1"}""");
        var found = await server.GetAsync("get_video_task", """{"task_id":"scene-1"}""");

        Assert.Equal(first.TaskId(), again.TaskId());
        Assert.Equal(first.TaskId(), found.TaskId());
        var other = await server.RefusalAsync("generate_video", """{"prompt":"a bear","request_key":"scene-1"}""");
        AssertText.StartsWith("duplicate_request: ", other);
        AssertText.Contains("get_video_task", other);
    }
}
