using OmniTools.Testing;

namespace OmniTools.Mcp.Tests;

public sealed class WrongCallTests
{
    [Theory]
    [InlineData("generate_video", """{"prompt":5}""", "prompt", "Received: 5")]
    [InlineData("generate_video", """{"prompt":"a","aspect_ratio":"1:1"}""", "aspect_ratio", "16:9 or 9:16")]
    [InlineData(
        "generate_video",
        """{"prompt":"a","duration_seconds":"six"}""",
        "duration_seconds",
        "toapis: 6 or 10; apimart: none")]
    [InlineData(
        "generate_video",
        """{"prompt":"a","duration_seconds":0}""",
        "duration_seconds",
        "toapis: 6 or 10; apimart: none")]
    [InlineData("generate_video", """{"prompt":"a","duration_seconds":6.5}""", "duration_seconds", "Received: 6.5")]
    [InlineData(
        "generate_video",
        """{"prompt":"a","image_urls":"https://example.com/a.png"}""",
        "image_urls",
        "it must be an array")]
    [InlineData("generate_video", """{"prompt":"a","image_urls":[1]}""", "image_urls", "only strings")]
    [InlineData("generate_video", """{"prompt":"a","provider":"acme"}""", "provider", "\"apimart\"")]
    [InlineData("generate_video", """{"prompt":"a","dry_run":"yes"}""", "dry_run", "true or false")]
    [InlineData("generate_video", """{"prompt":"a","aspectRatio":"16:9"}""", "aspectRatio", "aspect_ratio")]
    [InlineData("generate_video", """{"prompt":"a","request_key":"has a blank"}""", "request_key", "letters, digits")]
    [InlineData("generate_video", """{"prompt":"  "}""", "prompt", "it is empty")]
    [InlineData("generate_video", "{}", "prompt", "a text")]
    [InlineData(
        "generate_video",
        """{"prompt":"a","provider":"toapis","image_urls":["https://example.com/a.png"]}""",
        "image_urls",
        "none")]
    [InlineData(
        "generate_video",
        """{"prompt":"a","provider":"toapis","duration_seconds":7}""",
        "duration_seconds",
        "toapis: 6 or 10")]
    [InlineData(
        "generate_video",
        """{"prompt":"a","provider":"apimart","video_url":"https://example.com/a.mp4","extend_from_task_id":"t"}""",
        "extend_from_task_id",
        "one of the two")]
    [InlineData("get_video_task", "{}", "task_id", "it is missing")]
    [InlineData("get_video_task", """{"task_id":["a"]}""", "task_id", "it must be a string")]
    [InlineData("wait_video_task", """{"task_ids":"a"}""", "task_ids", "it must be an array")]
    [InlineData("wait_video_task", """{"task_ids":[]}""", "task_ids", "1 to 50")]
    [InlineData(
        "wait_video_task", """{"task_ids":["a"],"timeout_seconds":1801}""", "timeout_seconds", "from 0 to 1800")]
    [InlineData("save_video", """{"path":"a.mp4"}""", "task_id", "it is missing")]
    [InlineData("list_video_tasks", """{"limit":0}""", "limit", "from 1 to 100")]
    [InlineData("list_video_tasks", """{"status":"done"}""", "status", "\"completed\"")]
    [InlineData("list_video_tasks", """{"unsaved":true,"status":"failed"}""", "status", "completed, or unsaved alone")]
    [InlineData("list_video_tasks", """{"cursor":"nowhere"}""", "cursor", "next_cursor")]
    [InlineData("get_provider_status", """{"provider":"toapis"}""", "provider", "unknown argument")]
    public async Task A_wrong_argument_is_named_with_what_is_allowed_and_a_correct_call(
        string tool, string arguments, string field, string words)
    {
        await using var server = await ServerFixture.StartAsync();

        var text = await server.RefusalAsync(tool, arguments);

        Assert.Contains(field, text, StringComparison.Ordinal);
        Assert.Contains(words, text, StringComparison.Ordinal);
        Assert.Contains("Received: ", text, StringComparison.Ordinal);
        Assert.Matches("Nothing was sent or billed|Billed: no\\.", text);
        Assert.Matches($": {tool} {{|the same call with {field} corrected|Next: models that can: ", text);
        Assert.Equal(tool == "generate_video", text.Contains("the same request_key is fine", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_correct_call_that_a_refusal_shows_is_taken()
    {
        await using var server = await ServerFixture.StartAsync();
        var text = await server.RefusalAsync("generate_video", """{"duration_seconds":0,"dry_run":true,"foo":1}""");

        var correct = text[
            (text.LastIndexOf("generate_video ", StringComparison.Ordinal) + "generate_video ".Length)..
        ];
        var answer = await server.GetAsync("generate_video", correct);

        Assert.Equal("dry_run", answer.GetProperty("status").GetString());
    }

    [Theory]
    [InlineData(
        """{"prompt":"a","provider":"apimart","duration_seconds":10}""",
        """{"prompt":"a","duration_seconds":10,"provider":"toapis"}""")]
    [InlineData(
        """{"prompt":"a","provider":"toapis","image_urls":["https://example.com/a.png"]}""",
        """{"prompt":"a","image_urls":["https://example.com/a.png"],"provider":"apimart"}"""
    )]
    [InlineData(
        """{"prompt":"a","provider":"toapis","duration_seconds":9}""",
        """{"prompt":"a","provider":"toapis","duration_seconds":10}""")]
    [InlineData(
        """{"prompt":"a","image_urls":"https://example.com/a.png"}""",
        """{"prompt":"a","image_urls":["https://example.com/a.png"]}"""
    )]
    [InlineData(
        """{"prompt":"a","duration":"10","request_key":"k"}""",
        """{"prompt":"a","duration_seconds":10,"request_key":"k"}""")]
    [InlineData("""{"prompt":"a","request_key":"my fox"}""", """{"prompt":"a","request_key":"my-fox"}""")]
    [InlineData("""{"text":"a","dry_run":"true"}""", """{"prompt":"a","dry_run":true}""")]
    public async Task CorrectCall_KeepsWhatTheCallerGave_AndChangesOnlyWhatWasWrong(string given, string expected)
    {
        await using var server = await ServerFixture.StartAsync();

        Assert.EndsWith("A correct call: generate_video " + expected,
            await server.RefusalAsync("generate_video", given), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../fox.mp4", "fox.mp4")]
    [InlineData("/etc/fox.mp4", "fox.mp4")]
    [InlineData("C:\\\\clips\\\\fox.mp4", "fox.mp4")]
    public async Task CorrectCall_ForAPath_KeepsTheFileName(string given, string name)
    {
        await using var server = await ServerFixture.StartAsync();

        var text = await server.RefusalAsync("save_video", $$"""{"task_id":"t","path":"{{given}}"}""");

        Assert.EndsWith(
            $$"""A correct call: save_video {"task_id":"t","path":"{{name}}"}""", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CorrectCall_OfALongCall_NamesTheChangesAndRepeatsNothing()
    {
        await using var server = await ServerFixture.StartAsync();

        var text = await server.RefusalAsync(
            "generate_video", $$"""{"prompt":"{{new string('x', 5000)}}","duration_seconds":0,"foo":1}""");

        Assert.EndsWith(
            """A correct call: generate_video with the same arguments, but "duration_seconds":6, without foo""",
            text,
            StringComparison.Ordinal);
        Assert.InRange(text.Length, 1, 700);
    }

    [Fact]
    public async Task AReferenceThatCannotBeUsed_IsNotSimplyDropped()
    {
        await using var server = await ServerFixture.StartAsync();

        var text = await server.RefusalAsync(
            "generate_video", """{"prompt":"a","provider":"apimart","image_urls":["/etc/passwd"]}""");

        Assert.DoesNotContain("A correct call", text, StringComparison.Ordinal);
        Assert.EndsWith("Next: the same call with image_urls corrected; the other arguments can stay", text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task SeventeenImages_AreCounted_AndNotRepeated()
    {
        await using var server = await ServerFixture.StartAsync();
        var images = string.Join(',', Enumerable.Range(1, 17).Select(n => $"\"https://example.com/{n}.png\""));

        var text = await server.RefusalAsync("generate_video", $$"""{"prompt":"a","image_urls":[{{images}}]}""");

        Assert.Contains("Received: 17 images.", text,
            StringComparison.Ordinal);
        Assert.DoesNotContain("https://example.com/3.png", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_mistakes_of_a_call_are_told_at_once()
    {
        await using var server = await ServerFixture.StartAsync();

        var text = await server.RefusalAsync("generate_video", """{"prompt":1,"duration_seconds":999,"foo":2}""");

        Assert.Equal(3, text.Split('\n').Count(line => line.StartsWith("- ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Saving_what_has_expired_is_about_a_clip_that_was_billed_and_what_still_runs_of_one_that_may_be()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.GetAsync("generate_video", """{"prompt":"a fox [expired]","request_key":"gone"}""");
        await server.GetAsync("generate_video", """{"prompt":"a fox [slow]","request_key":"slow"}""");
        await server.GetAsync("wait_video_task", """{"task_ids":["gone"]}""");

        var gone = await server.RefusalAsync("save_video", """{"task_id":"gone"}""");

        Assert.StartsWith("result_expired: ", gone, StringComparison.Ordinal);
        Assert.Contains("Billed: yes (the clip; this call is free). Another clip needs another request_key.", gone,
            StringComparison.Ordinal);
        Assert.Contains("a fox [expired]", gone, StringComparison.Ordinal);
        Assert.Contains(
            "Billed: unknown (the clip; this call is free).",
            await server.RefusalAsync("save_video", """{"task_id":"slow"}"""),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_that_cannot_be_used_are_an_answer_and_not_a_crash()
    {
        await using var server = await ServerFixture.StartAsync(
            settings => settings with { IsSandbox = false },
            settings => new OmniClient(settings, TestSettings.Options));

        var text = await server.RefusalAsync("generate_video", """{"prompt":"a"}""");

        Assert.StartsWith("invalid_configuration: ", text, StringComparison.Ordinal);
        Assert.Contains("TOAPIS_API_KEY", text, StringComparison.Ordinal);
        Assert.Contains("get_provider_status {}", text, StringComparison.Ordinal);
    }
}
