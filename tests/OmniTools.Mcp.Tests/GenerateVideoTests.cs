using System.Security.Cryptography;
using System.Text.Json;
using ModelContextProtocol.Protocol;
using OmniTools.Testing;

namespace OmniTools.Mcp.Tests;

public sealed class ToolTests
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
    public async Task A_dry_run_says_whether_money_is_at_stake(bool isSandbox)
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
    public async Task A_clip_whose_URL_has_expired_is_told_as_such()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.GetAsync("generate_video", """{"prompt":"a fox [expired]","request_key":"gone"}""");

        var waited = ServerFixture.Text(await server.CallAsync("wait_video_task", """{"task_ids":["gone"]}"""));
        var listed = ServerFixture.Text(await server.CallAsync("list_video_tasks", """{"unsaved":true}"""));

        Assert.Contains("completed, not saved, the URL expired ", waited, StringComparison.Ordinal);
        Assert.DoesNotContain("works until", waited, StringComparison.Ordinal);
        Assert.Contains("completed, not saved, the URL expired ", listed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_bought_in_the_sandbox_is_told_as_such()
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
    public async Task A_wait_whose_time_is_up_answers_normally_and_says_that_nothing_was_lost()
    {
        await using var server = await ServerFixture.StartAsync();
        var made = await server.GetAsync("generate_video", """{"prompt":"a fox [slow]","request_key":"slow-1"}""");

        var result = await server.CallAsync("wait_video_task", """{"task_ids":["slow-1"],"timeout_seconds":0}""");

        Assert.NotEqual(true, result.IsError);
        var answer = result.StructuredContent!.Value;
        Assert.False(answer.GetProperty("all_ended").GetBoolean());
        Assert.True(answer.GetProperty("retry_after_seconds").GetInt32() > 0);
        Assert.Equal(
            made.GetProperty("request_key").GetString(),
            answer.GetProperty("tasks")[0].GetProperty("request_key").GetString());
        Assert.Contains(
            "Nothing was lost, nothing needs to be submitted again",
            ServerFixture.Text(result),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wait_tells_progress_in_words_with_numbers_that_only_grow()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.GetAsync("generate_video", """{"prompt":"a fox","request_key":"p-1"}""");
        var told = new ProgressRecorder();

        await server.GetAsync("wait_video_task", """{"task_ids":["p-1"],"timeout_seconds":60}""", told);

        Assert.NotEmpty(told.Values);
        Assert.Contains("of 1 done", told.Values[0].Message, StringComparison.Ordinal);
        Assert.All(told.Values.Zip(told.Values.Skip(1)), pair =>
            Assert.True(pair.Second.Progress > pair.First.Progress));
    }

    [Fact]
    public async Task A_wait_for_several_reports_the_one_that_cannot_be_followed_and_the_others_all_the_same()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.GetAsync("generate_video", """{"prompt":"a fox","request_key":"one"}""");

        var answer = await server.GetAsync("wait_video_task", """{"task_ids":["one","no-such-task"]}""");

        Assert.Equal(
            "completed", Assert.Single(answer.GetProperty("tasks").EnumerateArray()).GetProperty("status").GetString());
        Assert.Equal(
            "no-such-task",
            Assert.Single(answer.GetProperty("failures").EnumerateArray()).GetProperty("task_id").GetString());
        Assert.StartsWith(
            "not_found: ",
            await server.RefusalAsync("wait_video_task", """{"task_ids":["no-such-task"]}"""),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_a_wait_leaves_the_task_alone()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.GetAsync("generate_video", """{"prompt":"a fox [slow]","request_key":"w-1"}""");
        using var giveUp = new CancellationTokenSource();
        var told = new ProgressRecorder { OnFirst = giveUp.Cancel };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            server.CallAsync("wait_video_task", """{"task_ids":["w-1"],"timeout_seconds":60}""", told, giveUp.Token));

        var task = (await server.GetAsync("get_video_task", """{"task_id":"w-1"}""")).GetProperty("task");
        Assert.Contains(task.GetProperty("status").GetString(), new[] { "queued", "in_progress" });
    }

    [Fact]
    public async Task A_search_finds_tasks_by_prompt_key_and_id_in_any_case()
    {
        await using var server = await ServerFixture.StartAsync();
        var fox = await server.GetAsync("generate_video", """{"prompt":"A Fox in the snow","request_key":"shot-1"}""");
        await server.GetAsync("generate_video", """{"prompt":"a boat","request_key":"shot-2"}""");

        foreach (var text in new[] { "fox", "SHOT-1", fox.GetProperty("task").GetProperty("id").GetString()! })
        {
            var found = await server.GetAsync("list_video_tasks", $$"""{"search":"{{text}}"}""");
            Assert.Equal(
                ["shot-1"],
                found.GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("request_key").GetString())
            );
        }
        Assert.Contains(
            "No such tasks.",
            ServerFixture.Text(await server.CallAsync("list_video_tasks", """{"search":"100%"}""")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_is_paged_by_a_cursor_that_an_answer_gives()
    {
        await using var server = await ServerFixture.StartAsync();
        foreach (var key in new[] { "a-1", "a-2", "a-3" })
            await server.GetAsync("generate_video", $$"""{"prompt":"{{key}}","request_key":"{{key}}"}""");

        var first = await server.GetAsync("list_video_tasks", """{"limit":2}""");
        var second = await server.GetAsync(
            "list_video_tasks", $$"""{"limit":2,"cursor":"{{first.GetProperty("next_cursor").GetString()}}"}""");

        Assert.Equal(["a-3", "a-2"], Keys(first));
        Assert.Equal(["a-1"], Keys(second));
        Assert.False(second.TryGetProperty("next_cursor", out _));
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

    private static IEnumerable<string?> Keys(JsonElement answer) =>
        answer.GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("request_key").GetString());
}
