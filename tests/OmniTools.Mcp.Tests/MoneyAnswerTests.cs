using OmniTools.Configuration;

namespace OmniTools.Mcp.Tests;

/// <summary>
/// What assistants are told about money: units, what it is enough for, what would be refused, what was refused.
/// </summary>
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
        await using var server = await StartAsync();

        Assert.Contains(words, ServerFixture.Text(await server.CallAsync("get_provider_status")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task DryRun_WarnsWhenTheEstimateIsMoreThanTheBalance()
    {
        provider.Balance = Balance("0.50");
        await using var server = await StartAsync();
        await server.CallAsync("get_provider_status");

        var text = ServerFixture.Text(
            await server.CallAsync("generate_video", """{"prompt":"a fox","dry_run":true}"""));

        Assert.Contains(
            "apimart / gemini-omni-flash-preview would make 1 clip: at most $1.00 (10 credits), by the prices of "
            + "2026-05-20.", text,
            StringComparison.Ordinal);
        Assert.Contains("The estimate is more than the balance at apimart: 5 credits, about $0.50.", text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task DryRun_WithTheLimitReached_SaysSoAndSuggestsNoCall()
    {
        await using var server = await StartAsync(settings => settings with { MaxVideosPerDay = "1" });
        await server.GetAsync("generate_video", """{"prompt":"a fox"}""");

        var result = await server.CallAsync("generate_video", """{"prompt":"a cat","dry_run":true}""");

        Assert.Contains("Would be refused: limit 1 reached, resets 00:00 UTC.", ServerFixture.Text(result),
            StringComparison.Ordinal);
        Assert.Equal("limit_reached", result.StructuredContent!.Value.GetProperty("plan").GetProperty("refused_because")
            .GetString());
        Assert.StartsWith("nothing to call now.", result.StructuredContent.Value.GetProperty("next").GetString(),
            StringComparison.Ordinal);
        Assert.Equal(1, provider.Creates);
    }

    [Fact]
    public async Task GetProviderStatus_RemembersARefusalForWantOfBalance_UntilTheBalanceGrows()
    {
        provider.Balance = Balance("0.50");
        provider.Next(
            RequestKind.Post,
            Fault.Status(402, """{"error":{"code":402,"message":"Insufficient balance","type":"payment_required"}}"""));
        await using var server = await StartAsync();

        var refused = await server.RefusalAsync("generate_video", """{"prompt":"a fox","request_key":"fox"}""");
        var after = await server.GetAsync("get_provider_status");
        provider.Balance = Balance("20.00");
        var later = await server.GetAsync("get_provider_status");

        Assert.DoesNotContain("toapis", refused, StringComparison.Ordinal);
        Assert.False(Ready(after));
        Assert.Contains("the last submission was refused", after.GetRawText(), StringComparison.Ordinal);
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
        await using var server = await StartAsync();
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
        await using var server = await StartAsync();
        const string Step =
            """repeat the exact generate_video call with "request_key":"fox": """
            + "by APIMart's documentation it returns the existing task; asking cannot settle it";

        var error = await server.RefusalAsync("generate_video", """{"prompt":"a fox","request_key":"fox"}""");
        var task = await server.GetAsync("get_video_task", """{"task_id":"fox"}""");
        var waited = await server.GetAsync("wait_video_task", """{"task_ids":["fox"],"timeout_seconds":0}""");
        var tools = await server.Client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken);
        var settled = await server.GetAsync("generate_video", """{"prompt":"a fox","request_key":"fox"}""");

        Assert.EndsWith("Next: " + Step, error, StringComparison.Ordinal);
        Assert.Equal(Step, task.GetProperty("next").GetString());
        Assert.Equal(Step, waited.GetProperty("next").GetString());
        Assert.Contains("by APIMart's documentation it returns the existing task; asking cannot settle it",
            tools.Single(tool => tool.Name == "generate_video").Description, StringComparison.Ordinal);
        Assert.Equal(provider.Tasks.Single().Id, settled.GetProperty("task").GetProperty("id").GetString());
        Assert.Equal(1, provider.Creates);
    }

    [Fact]
    public async Task ARefusedUpload_SaysWhichFileWasBeingUploaded()
    {
        await using var server = await StartAsync();
        Directory.CreateDirectory(Path.Combine(server.OutputRoot, "photos"));
        await File.WriteAllBytesAsync(Path.Combine(server.OutputRoot, "photos", "dog.png"),
            [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0], TestContext.Current.CancellationToken);
        provider.Next(RequestKind.Post, Fault.Status(400, """{"error":{"code":400,"message":"not readable"}}"""));

        var text = await server.RefusalAsync(
            "generate_video", """{"prompt":"a dog","image_urls":["photos/dog.png"],"request_key":"dog"}""");

        Assert.StartsWith(
            "invalid_request: uploading photos/dog.png: APIMart refused the request (HTTP 400).\nBilled: no. Nothing "
                + "was bought; the same request_key is fine.",
            text,
            StringComparison.Ordinal);
        Assert.Equal(0, provider.Creates);
    }

    private static string Balance(string dollars) =>
        $$"""{"success":true,"remain_balance":{{dollars}},"used_balance":0,"unlimited_quota":false}""";

    private Task<ServerFixture> StartAsync(Func<OmniSettings, OmniSettings>? adjust = null) =>
        ServerFixture.StartAsync(
        settings => (adjust ?? (each => each))(settings with
        {
            IsSandbox = false,
            Providers = new Dictionary<string,
                ProviderSettings>
            {
                ["apimart"] =
                new() { Key = new(provider.ApiKey), BaseAddress = provider.BaseAddress }
            },
        }),
        settings => new OmniClient(settings, TestSettings.Options with { Randomizer = () => 0 }));
}
