using System.Text.Json.Nodes;

namespace OmniTools.Mcp.Tests;

/// <summary>What reaches the provider, and what does not.</summary>
public sealed class WireTests : IAsyncLifetime
{
    private LoopbackProvider provider = null!;

    public async ValueTask InitializeAsync() => provider = await LoopbackProvider.StartAsync(Contract.ApiMart);

    public ValueTask DisposeAsync() => provider.DisposeAsync();

    [Fact]
    public async Task The_body_of_a_dry_run_is_exactly_what_is_sent_afterwards()
    {
        const string Arguments =
            "\"prompt\":\"a fox & a \\\"bear\\\", 狐\",\"aspect_ratio\":\"9:16\","
            + "\"image_urls\":[\"https://example.com/a.png\"],\"request_key\":\"fox\"";
        await using var server = await ServerFixture.StartAsync(provider);

        var plan = (await server.GetAsync("generate_video", $$"""{{{Arguments}},"dry_run":true}""")).GetProperty(
            "plan");
        Assert.Empty(provider.Requests);
        Assert.Empty((await server.GetAsync("list_video_tasks")).Strings("tasks", "request_key"));
        await server.GetAsync("generate_video", $$"""{{{Arguments}}}""");

        var sent = Assert.Single(provider.Requests, request => request.Method == "POST");
        Assert.True(
            JsonNode.DeepEquals(JsonNode.Parse(plan.GetProperty("body").GetRawText()), JsonNode.Parse(sent.Body)),
            sent.Body);
    }

    [Fact]
    public async Task A_local_reference_is_judged_by_its_content_and_a_wrong_one_never_leaves_the_machine()
    {
        await using var server = await ServerFixture.StartAsync(provider);
        Directory.CreateDirectory(server.OutputRoot);
        await File.WriteAllTextAsync(Path.Combine(server.OutputRoot, "fox.png"), "password = hunter2");

        var refused = await server.RefusalAsync("generate_video", """{"prompt":"a fox","image_urls":["fox.png"]}""");

        AssertText.StartsWith("invalid_request: image_urls: ", refused);
        AssertText.DoesNotContain("hunter2", refused);
        Assert.Empty(provider.Requests);
    }
}
