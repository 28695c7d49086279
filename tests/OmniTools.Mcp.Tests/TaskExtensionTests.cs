using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using OmniTools.Mcp.Protocol;

namespace OmniTools.Mcp.Tests;

/// <summary>The tasks extension: the ledger is its store, the request key its task id.</summary>
public sealed class TaskExtensionTests : IAsyncLifetime
{
    private const string Fox = """{"prompt":"a fox","request_key":"fox"}""";

    private readonly TestTimeProvider clock = new();
    private LoopbackProvider provider = null!;

    public async ValueTask InitializeAsync() => provider = await LoopbackProvider.StartAsync(Contract.ApiMart);

    public ValueTask DisposeAsync() => provider.DisposeAsync();

    [Fact]
    public async Task A_client_that_declares_the_extension_gets_a_task_that_ends_with_the_clip()
    {
        await using var server = await StartAsync();
        provider.PollsUntilDone = null;

        var created = await GenerateAsync(server, Fox);
        var running = await AskAsync(server, "tasks/get", "fox");
        provider.Complete("fox");
        clock.Advance(TimeSpan.FromSeconds(5));
        var ended = await AskAsync(server, "tasks/get", "fox");

        Assert.Equal(
            ("task", "fox", "working"),
            (Word(created, "resultType"), Word(created, "taskId"), Word(created, "status")));
        Assert.True(created.ContainsKey("ttlMs") && created["ttlMs"] is null, "a lifetime without end is told");
        Assert.Equal(
            ("complete", "fox", "working"),
            (Word(running, "resultType"), Word(running, "taskId"), Word(running, "status")));
        Assert.Equal(("complete", "completed"), (Word(ended, "resultType"), Word(ended, "status")));
        var result = ended["result"]!.Deserialize(McpJsonUtilities.DefaultOptions.GetTypeInfo<CallToolResult>())!;
        Assert.NotEqual(true, result.IsError);
        OutputSchemaTests.Check(await SchemaAsync(server), result.StructuredContent!.Value, "generate_video");
        AssertText.StartsWith("save_video", result.StructuredContent.Value.GetProperty("next").GetString());
    }

    [Fact]
    public async Task Cancelling_the_task_never_cancels_the_clip_and_says_so()
    {
        await using var server = await StartAsync();
        provider.PollsUntilDone = null;
        await GenerateAsync(server, Fox);

        var acknowledged = await AskAsync(server, "tasks/cancel", "fox");
        var running = await AskAsync(server, "tasks/get", "fox");
        provider.Complete("fox");
        clock.Advance(TimeSpan.FromSeconds(5));
        var ended = await AskAsync(server, "tasks/get", "fox");

        Assert.Equal("complete", Word(acknowledged, "resultType"));
        AssertText.Contains("is not cancelled", acknowledged["_meta"]!.ToJsonString());
        Assert.Equal("working", Word(running, "status"));
        AssertText.Contains("is not cancelled, and is billed as ordered", Word(running, "statusMessage"));
        Assert.Equal("completed", Word(ended, "status"));
    }

    [Fact]
    public async Task A_clip_that_fails_ends_its_task_with_an_error_answer()
    {
        await using var server = await StartAsync();
        await GenerateAsync(server, Fox);
        provider.Fail("fox", "internal_error", "the model broke");

        var ended = await AskAsync(server, "tasks/get", "fox");

        Assert.Equal("completed", Word(ended, "status"));
        Assert.True((bool)ended["result"]!["isError"]!);
        AssertText.Contains("the model broke", ended["result"]!.ToJsonString());
    }

    [Fact]
    public async Task A_client_that_polls_in_a_tight_loop_is_rate_limited_to_the_provider()
    {
        await using var server = await StartAsync();
        provider.PollsUntilDone = null;
        await GenerateAsync(server, Fox);

        for (var i = 0; i < 20; i++)
            await AskAsync(server, "tasks/get", "fox");

        Assert.Single(provider.Requests, request => request.Method == "GET");
    }

    [Fact]
    public async Task A_provider_that_breaks_down_leaves_the_task_working()
    {
        await using var server = await StartAsync();
        await GenerateAsync(server, Fox);
        provider.Next(RequestKind.Get, Fault.Status(401));

        Assert.Equal("working", Word(await AskAsync(server, "tasks/get", "fox"), "status"));
    }

    [Fact]
    public async Task A_submission_that_takes_too_long_goes_on_also_where_the_ledger_cannot_be_read()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows does not move a file that SQLite has open.");
        await using var server = await StartAsync();
        provider.Next(RequestKind.Post, Fault.HangAfterAccepting);
        var call = GenerateAsync(server, Fox);
        await provider.WhenRequestAsync(request => request.IsSubmit);
        await clock.WhenWaitingAsync();
        var ledger = Path.Combine(server.Settings.Home, "ledger.db");
        File.Move(ledger, ledger + ".away");
        Directory.CreateDirectory(ledger);

        clock.Advance(ToolCall.Timeout);
        var answer = await call;
        provider.Release();

        Assert.Equal("submitting", (string?)answer["structuredContent"]?["status"]);
        AssertText.Contains("never submit it with another key", answer.ToJsonString());
    }

    [Theory]
    [InlineData("""{"prompt":"a fox","dry_run":true}""")]
    [InlineData("""{"prompt":5}""")]
    [InlineData("""{"prompt":"a fox","provider":"toapis"}""")]
    public async Task A_call_that_buys_nothing_is_answered_without_a_task(string arguments)
    {
        await using var server = await StartAsync();

        Assert.NotEqual("task", Word(await GenerateAsync(server, arguments), "resultType"));
    }

    [Fact]
    public async Task Made_up_tasks_are_refused_and_an_update_that_nobody_waits_for_is_acknowledged()
    {
        await using var server = await StartAsync();
        await GenerateAsync(server, Fox);

        foreach (var method in new[] { "tasks/get", "tasks/cancel", "tasks/update" })
        {
            var refused = await Assert.ThrowsAsync<McpProtocolException>(() => AskAsync(server, method, "bear"));
            Assert.Equal(McpErrorCode.InvalidParams, refused.ErrorCode);
            AssertText.Contains("list_video_tasks", refused.Message);
        }
        Assert.Equal("complete", Word(await AskAsync(server, "tasks/update", "fox"), "resultType"));
    }

    [Theory]
    [InlineData("2026-07-28")]
    [InlineData("2025-11-25")]
    public async Task Without_the_declaration_in_a_revision_that_has_it_nothing_changes(string revision)
    {
        var isOld = revision == "2025-11-25";
        await using var server = await StartAsync(
            new() { ProtocolVersion = revision, Capabilities = isOld ? Declared() : new() });

        var answer = await GenerateAsync(server, Fox);
        var refused = await Assert.ThrowsAnyAsync<McpProtocolException>(() => AskAsync(server, "tasks/get", "fox"));

        Assert.NotEqual("task", Word(answer, "resultType"));
        Assert.Equal("fox", (string?)answer["structuredContent"]!["request_key"]);
        Assert.Equal(
            isOld ? McpErrorCode.MethodNotFound : McpErrorCode.MissingRequiredClientCapability, refused.ErrorCode);
    }

    private static ClientCapabilities Declared() =>
        new() { Extensions = new Dictionary<string, object> { ["io.modelcontextprotocol/tasks"] = new JsonObject() } };

    private Task<ServerFixture> StartAsync(McpClientOptions? options = null) =>
        ServerFixture.StartAsync(
            provider, settings => settings with { Home = provider.Folder["home"] },
            options ?? new() { Capabilities = Declared() }, clock);

    private static Task<JsonObject> GenerateAsync(ServerFixture server, string arguments) =>
        SendAsync(
            server, "tools/call", new() { ["name"] = "generate_video", ["arguments"] = JsonNode.Parse(arguments) });

    private static Task<JsonObject> AskAsync(ServerFixture server, string method, string taskId) =>
        SendAsync(server, method, new() { ["taskId"] = taskId });

    private static async Task<JsonObject> SendAsync(ServerFixture server, string method, JsonObject parameters) =>
        (
            await server.Client.SendRequestAsync(
                new JsonRpcRequest { Method = method, Params = parameters })).Result!.AsObject();

    private static async Task<JsonElement> SchemaAsync(ServerFixture server) =>
        (await server.Client.ListToolsAsync())
            .Single(tool => tool.Name == "generate_video").ProtocolTool.OutputSchema!.Value;

    private static string? Word(JsonObject message, string name) => (string?)message[name];
}
