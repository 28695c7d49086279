namespace OmniTools.Mcp.Tests;

/// <summary>Balances, estimates, limits and refusals in the answers of the tools.</summary>
public sealed class MoneyAnswerTests : IAsyncLifetime
{
    private LoopbackProvider provider = null!;

    public async ValueTask InitializeAsync() => provider = await LoopbackProvider.StartAsync(Contract.ApiMart);

    public ValueTask DisposeAsync() => provider.DisposeAsync();

    [Theory]
    [InlineData("42.25", "balance 422.5 credits, about $42.25: enough for about 42 clips")]
    [InlineData("0.50", "balance 5 credits, about $0.50: less than one clip (at most $1.00 (10 credits))")]
    public async Task GetProviderStatus_ShowsTheBalanceWithItsUnit_AndWhatItIsEnoughFor(string balance, string words)
    {
        provider.Balance = Balance(balance);
        await using var server = await ServerFixture.StartAsync(provider);

        AssertText.Contains(words, await server.TextAsync("get_provider_status"));
    }

    [Fact]
    public async Task DryRun_WarnsWhenTheEstimateIsMoreThanTheBalance()
    {
        provider.Balance = Balance("0.50");
        await using var server = await ServerFixture.StartAsync(provider);
        await server.CallAsync("get_provider_status");

        var text = await server.TextAsync("generate_video", """{"prompt":"a fox","dry_run":true}""");

        AssertText.Contains(
            "apimart / gemini-omni-flash-preview would make 1 clip: at most $1.00 (10 credits), by the prices of "
            + "2026-05-20.", text);
        AssertText.Contains("The estimate is more than the balance at apimart: 5 credits, about $0.50.", text);
    }

    [Fact]
    public async Task DryRun_WithTheLimitReached_SaysSoAndSuggestsNoCall()
    {
        await using var server = await ServerFixture.StartAsync(
            provider, settings => settings with { MaxVideosPerDay = "1" });
        await server.GetAsync("generate_video", """{"prompt":"a fox"}""");

        var result = await server.CallAsync("generate_video", """{"prompt":"a cat","dry_run":true}""");

        AssertText.Contains("Would be refused: limit 1 reached, resets 00:00 UTC.", ServerFixture.Text(result));
        Assert.Equal("limit_reached", result.StructuredContent!.Value.GetProperty("plan").GetProperty("refused_because")
            .GetString());
        AssertText.StartsWith("nothing to call now.", result.StructuredContent.Value.GetProperty("next").GetString());
        Assert.Equal(1, provider.Creates);
    }

    [Fact]
    public async Task GetProviderStatus_RemembersARefusalForWantOfBalance_UntilTheBalanceGrows()
    {
        provider.Balance = Balance("0.50");
        provider.Next(
            RequestKind.Post,
            Fault.Status(402, """{"error":{"code":402,"message":"Insufficient balance","type":"payment_required"}}"""));
        await using var server = await ServerFixture.StartAsync(provider);

        var refused = await server.RefusalAsync("generate_video", """{"prompt":"a fox","request_key":"fox"}""");
        var after = await server.GetAsync("get_provider_status");
        provider.Balance = Balance("20.00");
        var later = await server.GetAsync("get_provider_status");

        AssertText.DoesNotContain("toapis", refused);
        Assert.False(Ready(after));
        AssertText.Contains("the last submission was refused", after.GetRawText());
        Assert.True(Ready(later));

        static bool Ready(System.Text.Json.JsonElement status) =>
            status.GetProperty("providers").EnumerateArray()
                .Single(each => each.GetProperty("id").GetString() == "apimart").GetProperty("ready").GetBoolean();
    }

    [Fact]
    public async Task AnAcceptedClip_SettlesAnEarlierRefusal()
    {
        provider.Next(
            RequestKind.Post, Fault.Status(402, """{"error":{"code":402,"message":"Insufficient balance"}}"""));
        await using var server = await ServerFixture.StartAsync(provider);
        await server.RefusalAsync("generate_video", """{"prompt":"a fox","request_key":"fox"}""");
        Assert.NotNull(server.Session.Observations.FindRefusal("apimart"));

        await server.GetAsync("generate_video", """{"prompt":"a fox","request_key":"fox"}""");

        Assert.Null(server.Session.Observations.FindRefusal("apimart"));
        Assert.Equal(1, provider.Creates);
    }

    [Fact]
    public async Task AnUnknownOutcome_HasTheSameNextStepInTheErrorTheTaskAndTheDescription()
    {
        provider.Next(RequestKind.Post, [.. Enumerable.Repeat(Fault.ResetAfterAccepting, 4)]);
        await using var server = await ServerFixture.StartAsync(provider);
        const string Step =
            """repeat the exact generate_video call with "request_key":"fox": """
            + "by APIMart's documentation it returns the existing task; asking cannot settle it";

        var error = await server.RefusalAsync("generate_video", """{"prompt":"a fox","request_key":"fox"}""");
        var task = await server.GetAsync("get_video_task", """{"task_id":"fox"}""");
        var waited = await server.GetAsync("wait_video_task", """{"task_ids":["fox"],"timeout_seconds":0}""");
        var tools = await server.Client.ListToolsAsync();
        var settled = await server.GetAsync("generate_video", """{"prompt":"a fox","request_key":"fox"}""");

        AssertText.EndsWith("Next: " + Step, error);
        Assert.Equal(Step, task.GetProperty("next").GetString());
        Assert.Equal(Step, waited.GetProperty("next").GetString());
        AssertText.Contains("by APIMart's documentation it returns the existing task; asking cannot settle it",
            tools.Single(tool => tool.Name == "generate_video").Description);
        Assert.Equal(provider.Tasks.Single().Id, settled.TaskId());
        Assert.Equal(1, provider.Creates);
    }

    [Fact]
    public async Task ARefusedUpload_SaysWhichFileWasBeingUploaded()
    {
        await using var server = await ServerFixture.StartAsync(provider);
        Directory.CreateDirectory(Path.Combine(server.OutputRoot, "photos"));
        await File.WriteAllBytesAsync(Path.Combine(server.OutputRoot, "photos", "dog.png"),
            [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0]);
        provider.Next(RequestKind.Post, Fault.Status(400, """{"error":{"code":400,"message":"not readable"}}"""));

        var text = await server.RefusalAsync(
            "generate_video", """{"prompt":"a dog","image_urls":["photos/dog.png"],"request_key":"dog"}""");

        AssertText.StartsWith(
            "invalid_request: uploading photos/dog.png: APIMart refused the request (HTTP 400).\nBilled: no. Nothing "
                + "was bought; the same request_key is fine.",
            text);
        Assert.Equal(0, provider.Creates);
    }

    private static string Balance(string dollars) =>
        $$"""{"success":true,"remain_balance":{{dollars}},"used_balance":0,"unlimited_quota":false}""";
}
