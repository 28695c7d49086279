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
        var id = made.GetProperty("task").GetProperty("id").GetString()!;
        Assert.StartsWith(
            $$"""wait_video_task {"task_ids":["{{id}}"]}""",
            made.GetProperty("next").GetString(),
            StringComparison.Ordinal);

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
            Convert.ToHexStringLower(
                SHA256.HashData(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken))),
            file.GetProperty("sha256").GetString());
        var link = Assert.Single(result.Content.OfType<ResourceLinkBlock>());
        Assert.Equal(new Uri(path).AbsoluteUri, link.Uri);
    }

    [Fact]
    public async Task A_generate_answer_is_at_most_300_tokens_and_leaves_out_what_the_caller_wrote()
    {
        await using var server = await ServerFixture.StartAsync();

        var result = await server.CallAsync("generate_video", $$"""{"prompt":"{{new string('x', 5000)}}"}""");

        Assert.NotEqual(true, result.IsError);
        Assert.InRange(
            ServerFixture.Text(result).Length + result.StructuredContent!.Value.GetRawText().Length, 1, 1200);
    }

    [Fact]
    public async Task A_dry_run_shows_the_exact_body_and_records_nothing()
    {
        await using var server = await ServerFixture.StartAsync();

        var answer = await server.GetAsync(
            "generate_video", """{"prompt":"a & b","provider":"toapis","duration_seconds":10,"dry_run":true}""");

        var plan = answer.GetProperty("plan");
        Assert.Equal("a & b", plan.GetProperty("body").GetProperty("prompt").GetString());
        Assert.Equal(10, plan.GetProperty("body").GetProperty("duration").GetInt32());
        Assert.Equal("gemini_omni_flash", plan.GetProperty("body").GetProperty("model").GetString());
        Assert.Equal(0, plan.GetProperty("spend").GetProperty("videos").GetInt32());
        Assert.Equal(0, (await server.GetAsync("list_video_tasks")).GetProperty("tasks").GetArrayLength());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_dry_run_says_whether_it_is_the_sandbox(bool isSandbox)
    {
        await using var server = await ServerFixture.StartAsync(
            settings => settings with { IsSandbox = isSandbox, DefaultProvider = "toapis" },
            isSandbox ? null : settings => new OmniClient(settings, TestSettings.Options));

        var result = await server.CallAsync("generate_video", """{"prompt":"a fox","dry_run":true}""");

        Assert.Equal(
            isSandbox, result.StructuredContent!.Value.GetProperty("plan").GetProperty("is_sandbox").GetBoolean());
        Assert.Equal(
            isSandbox,
            ServerFixture
                .Text(result)
                .Contains(
                    "This is the sandbox: the clip would be a stand-in and cost no money", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_model_that_the_catalog_does_not_know_is_sent_with_a_warning()
    {
        await using var server = await ServerFixture.StartAsync();

        var result = await server.CallAsync(
            "generate_video", """{"prompt":"a fox","provider":"toapis","model":"gemini_next"}""");

        Assert.Contains("'gemini_next' is not in the catalog", ServerFixture.Text(result), StringComparison.Ordinal);
        Assert.Contains(
            "'gemini_next'",
            Assert.Single(result.StructuredContent!.Value.GetProperty("warnings").EnumerateArray()).GetString(),
            StringComparison.Ordinal);
        Assert.False(
            (await server.GetAsync("generate_video", """{"prompt":"a fox"}""")).TryGetProperty("warnings", out _));
    }

    [Fact]
    public async Task Spending_in_the_sandbox_is_reported_as_such()
    {
        await using var server = await ServerFixture.StartAsync(settings => settings with { MaxVideosPerDay = "1" });
        await server.GetAsync("generate_video", """{"prompt":"a fox"}""");

        var refused = await server.RefusalAsync("generate_video", """{"prompt":"a cat"}""");

        Assert.Contains("1 of 1 clip was bought today in the sandbox", refused, StringComparison.Ordinal);
        Assert.Contains(
            "Today (UTC), in the sandbox: 1 clip (limit 1), 1 clip of unknown price (no limit); resets 00:00 UTC",
            ServerFixture.Text(await server.CallAsync("get_provider_status")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_request_key_is_the_same_clip_and_finds_it_again()
    {
        await using var server = await ServerFixture.StartAsync();

        var first = await server.GetAsync("generate_video", """{"prompt":"a fox","request_key":"scene-1"}""");
        var again = await server.GetAsync("generate_video", """{"prompt":"a fox","request_key":"scene-1"}""");
        var found = await server.GetAsync("get_video_task", """{"task_id":"scene-1"}""");

        Assert.Equal(
            first.GetProperty("task").GetProperty("id").GetString(),
            again.GetProperty("task").GetProperty("id").GetString());
        Assert.Equal(
            first.GetProperty("task").GetProperty("id").GetString(),
            found.GetProperty("task").GetProperty("id").GetString());
        var other = await server.RefusalAsync("generate_video", """{"prompt":"a bear","request_key":"scene-1"}""");
        Assert.StartsWith("duplicate_request: ", other, StringComparison.Ordinal);
        Assert.Contains("get_video_task", other, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_status_names_every_provider_and_todays_spend()
    {
        await using var server = await ServerFixture.StartAsync(settings => settings with { MaxVideosPerDay = "5" });

        var status = await server.GetAsync("get_provider_status");

        Assert.True(status.GetProperty("ready").GetBoolean());
        Assert.Equal(
            ["toapis", "apimart"],
            status.GetProperty("providers").EnumerateArray().Select(each => each.GetProperty("id").GetString()));
        Assert.Equal(5, status.GetProperty("spend").GetProperty("max_videos").GetInt32());
    }
}
