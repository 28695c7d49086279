using System.Text.Json;
using ModelContextProtocol.Protocol;
using OmniTools.Catalog;

namespace OmniTools.Mcp.Tests;

/// <summary>The tool that shows which model can make a clip, and what follows from it.</summary>
public sealed class ListModelsTests
{
    [Fact]
    public async Task ListModels_ShowsAllModelsInAtMost1200Tokens()
    {
        await using var server = await ServerFixture.StartAsync();

        var result = await server.CallAsync("list_models");

        var text = ServerFixture.Text(result);
        Assert.InRange((text.Length + 3) / 4, 1, 1200);
        Assert.All(ModelCatalog.Providers.SelectMany(spec => spec.Models), model =>
            AssertText.Contains($"- {model.Id}", text));
        Assert.Equal(ModelCatalog.Providers.Sum(spec => spec.Models.Count), Models(result).Count());
    }

    [Fact]
    public async Task ListModels_ForAClipWithFramesAndSound_ListsModelsThatCanWithThePriceOfThisClip()
    {
        await using var server = await ServerFixture.StartAsync();

        var result = await server.CallAsync("list_models", """
            {"can":["first_frame","last_frame","audio"],"aspect_ratio":"9:16","duration_seconds":10,
             "provider":"apimart"}
            """);

        Assert.Equal(["kling-v3", "seedance-2.0", "seedance-2.0-fast"],
            Models(result).Select(model => model.GetProperty("model").GetString()));
        AssertText.Contains("$1.26", ServerFixture.Text(result));
    }

    // The tables' prices of a catalog that changes are not repeated here: the price is that of the plan.
    [Fact]
    public async Task ListModels_HasThePriceThatADryRunHas()
    {
        await using var server = await ServerFixture.StartAsync();

        var listed = await server.GetAsync("list_models", """{"provider":"apimart","duration_seconds":10}""");
        var kling = listed.GetProperty("models").EnumerateArray()
            .Single(model => model.GetProperty("model").GetString() == "kling-v3");
        var plan = (await server.GetAsync("generate_video",
            """{"prompt":"a fox","provider":"apimart","model":"kling-v3","duration_seconds":10,"dry_run":true}"""))
            .GetProperty("plan");

        Assert.Equal(plan.GetProperty("estimated_usd").GetDecimal(), kling.GetProperty("estimated_usd").GetDecimal());
    }

    [Fact]
    public async Task ListModels_WhereNothingFits_SaysWhatToLeaveOut()
    {
        await using var server = await ServerFixture.StartAsync();

        var answer = await server.GetAsync("list_models", """{"can":["audio"],"duration_seconds":500}""");

        Assert.Equal(0, answer.GetProperty("models").GetArrayLength());
        AssertText.Contains("without duration_seconds: ", answer.GetProperty("hint").GetString());
    }

    [Fact]
    public async Task ListModels_WithoutAKey_SaysSo()
    {
        await using var server = await ServerFixture.StartAsync(
            settings => settings with { IsSandbox = false },
            settings => new OmniClient(settings, TestSettings.Options));

        var result = await server.CallAsync("list_models", """{"provider":"apimart"}""");

        AssertText.Contains("apimart (has no key):", ServerFixture.Text(result));
        Assert.All(Models(result), model => Assert.False(model.GetProperty("ready").GetBoolean()));
    }

    [Fact]
    public async Task GenerateVideo_WithEveryNewArgument_SendsThemUnderTheModelsOwnNames()
    {
        await using var server = await ServerFixture.StartAsync();

        var kling = await BodyAsync(server, """
            "model":"kling-v3",
            "first_frame_url":"https://example.com/a.png","last_frame_url":"https://example.com/b.png",
            "audio":true,"negative_prompt":"text","duration_seconds":10,"options":{"multi_shot":false}
            """);
        var seedance = await BodyAsync(server, """
            "model":"seedance-2.5","video_url":"https://example.com/a.mp4","audio":false,"seed":4294967295,
            "options":{"watermark":true}
            """);

        Assert.Equal(["https://example.com/a.png", "https://example.com/b.png"],
            kling.GetProperty("image_urls").EnumerateArray().Select(each => each.GetString()));
        Assert.True(kling.GetProperty("audio").GetBoolean());
        Assert.Equal("text", kling.GetProperty("negative_prompt").GetString());
        Assert.False(kling.GetProperty("multi_shot").GetBoolean());
        Assert.Equal("https://example.com/a.mp4", seedance.GetProperty("video_urls")[0].GetString());
        Assert.False(seedance.GetProperty("generate_audio").GetBoolean());
        Assert.Equal(4294967295, seedance.GetProperty("seed").GetInt64());
        Assert.True(seedance.GetProperty("watermark").GetBoolean());
    }

    [Fact]
    public async Task TheEndOfAModel_IsReportedOnceASession()
    {
        await using var server = await ServerFixture.StartAsync();
        const string Call = """{"prompt":"a fox","provider":"apimart"}""";

        var first = await server.TextAsync("generate_video", Call);
        var second = await server.TextAsync("generate_video", Call);

        const string Words = "was announced to end on 2026-09-30. Its successor is 'gemini-omni-1.1-flash'";
        AssertText.Contains(Words, first);
        AssertText.DoesNotContain(Words, second);
    }

    [Fact]
    public async Task AUsersModel_IsListedCompletedReadAndUsed()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["models.json"], """
            {"providers":[{"id":"apimart","models":[{"id":"my-model","prompt":{"wire":"prompt"},"required":["prompt"],
            "seed":{"wire":"seed"},"price":{"date":"2026-11-01","basis":"list","per":"clip","rates":[{"usd":0.5}]}}]}]}
            """);
        await using var server =
            await ServerFixture.StartAsync(settings => settings with { CatalogFile = folder["models.json"] });

        var listed = await server.TextAsync("list_models");
        var completed = await server.Client.CompleteAsync(
            new ResourceTemplateReference { Uri = "omni://models/{model}" }, "model", "my");
        var read = await server.Client.ReadResourceAsync("omni://models/my-model");
        var plan = await server.TextAsync("generate_video",
            """{"prompt":"a fox","model":"my-model","seed":7,"dry_run":true}""");

        AssertText.Contains("- my-model; ", listed);
        Assert.Equal(["my-model"], completed.Completion.Values);
        AssertText.Contains("\"my-model\"", ((TextResourceContents)read.Contents[0]).Text);
        AssertText.Contains("apimart / my-model: at most $0.50 (5 credits), by the prices of 2026-11-01.", plan);
    }

    [Fact]
    public async Task AMistakeInTheUsersCatalog_IsInEveryAnswerAboutModels_AndTheBuiltInModelsWork()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["models.json"], """
            {"providers":[{"id":"apimart",
            "models":[{"id":"my-model","promt":{"wire":"prompt"}}]}]}
            """);
        await using var server =
            await ServerFixture.StartAsync(settings => settings with { CatalogFile = folder["models.json"] });

        var status = await server.TextAsync("get_provider_status");
        var listed = await server.TextAsync("list_models");
        const string Request = """{"prompt":"a fox","provider":"toapis","dry_run":""";
        var planned = await server.CallAsync("generate_video", Request + "true}");
        var accepted = await server.CallAsync("generate_video", Request + "false}");

        Assert.All([status, listed, ServerFixture.Text(planned), ServerFixture.Text(accepted)], text =>
            AssertText.Contains("models.json, line 2, ", text));
        var warning = Assert.Single(accepted.StructuredContent!.Value.GetProperty("warnings").EnumerateArray());
        AssertText.DoesNotContain("Nothing was sent", warning.GetString());
        AssertText.StartsWith("Accepted by toapis", ServerFixture.Text(accepted));
        AssertText.Contains("- kling-v3; ", listed);
    }

    private static async Task<JsonElement> BodyAsync(ServerFixture server, string arguments) =>
        (await server.GetAsync("generate_video",
        $$"""{"prompt":"a fox","provider":"apimart","dry_run":true,{{arguments}}}"""))
        .GetProperty("plan").GetProperty("body");

    private static JsonElement.ArrayEnumerator Models(CallToolResult result) =>
        result.StructuredContent!.Value.GetProperty("models").EnumerateArray();
}
