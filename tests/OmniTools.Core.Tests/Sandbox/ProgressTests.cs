using System.Text.Json.Nodes;
using OmniTools.Core.Tests.Submitting;

namespace OmniTools.Core.Tests.Sandbox;

public sealed class ProgressTests : IDisposable
{
    private readonly SandboxFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    private static void Same(string expected, SandboxResponse reply) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), reply.Json),
        $"{reply.Json.ToJsonString()}\nis not\n{expected}");

    [Theory]
    [InlineData(Contract.ToApis, "queued", "in_progress")]
    [InlineData(Contract.ApiMart, "submitted", "processing")]
    public async Task A_task_is_queued_then_in_work_with_rising_progress_then_completed(Contract contract,
    string queued, string working)
    {
        var id = await fixture.MadeAsync(contract);
        var seen = new List<(string Status, int Progress)>();
        for (var second = 0; second <= 42; second++)
        {
            var reply = await fixture.GetAsync(contract, id);
            seen.Add((SandboxFixture.StatusOf(contract, reply), SandboxFixture.ProgressOf(contract, reply)));
            fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([queued, working, "completed"], seen.Select(each => each.Status).Distinct());
        Assert.Equal((queued, 0), seen[0]);
        Assert.Equal((working, 50), seen[20]);
        Assert.Equal((working, 97), seen[39]);
        Assert.Equal(("completed", 100), seen[40]);
        Assert.Equal(seen.Select(each => each.Progress).Order(), seen.Select(each => each.Progress));
        Assert.All(seen, each => Assert.Equal(each.Status == queued, each.Progress == 0));
    }

    [Fact]
    public async Task ToAPIs_accepts_with_the_fields_it_prints()
    {
        var reply = await fixture.SubmitAsync(Contract.ToApis);

        Same($$$"""
            {"id":"{{{reply.Json["id"]}}}","object":"generation.task","model":"gemini_omni_flash","status":"queued",
             "created_at":1779247407}
            """, reply);
    }

    [Fact]
    public async Task APIMart_accepts_with_the_fields_it_prints()
    {
        var reply = await fixture.SubmitAsync(Contract.ApiMart);

        var id = SandboxFixture.IdOf(Contract.ApiMart, reply);
        Same($$$"""{"code":200,"data":[{"status":"submitted","task_id":"{{{id}}}"}]}""", reply);
    }

    [Fact]
    public async Task ToAPIs_completes_with_the_fields_it_prints()
    {
        var id = await fixture.MadeAsync(Contract.ToApis, key: "k");
        fixture.Clock.Advance(SandboxFixture.Generation * 3);

        Same($$$"""
            {"id":"{{{id}}}","client_business_id":"k","object":"generation.task","model":"gemini_omni_flash",
             "status":"completed","progress":100,
             "created_at":1779247407,"completed_at":1779247447,"expires_at":1779333847,
             "result":{"type":"video","data":[
               {"url":"https://sandbox.omnitools.invalid/videos/{{{id}}}.mp4","format":"mp4"}]}}
            """, await fixture.GetAsync(Contract.ToApis, id));
    }

    [Fact]
    public async Task APIMart_completes_with_the_sample_it_prints()
    {
        using var printed = new SandboxFixture(DateTimeOffset.FromUnixTimeSeconds(1779246294));
        var id = await printed.MadeAsync(Contract.ApiMart);
        printed.Clock.Advance(SandboxFixture.Generation * 3);

        Same($$$"""
            {"code":200,"data":{"id":"{{{id}}}","status":"completed","progress":100,
             "created":1779246294,"completed":1779246334,
             "actual_time":40,"estimated_time":40,"cost":1.0,"credits_cost":10,
             "result":{"videos":[
               {"url":["https://sandbox.omnitools.invalid/videos/{{{id}}}.mp4"],"expires_at":1779332734}]} }}
            """, await printed.GetAsync(Contract.ApiMart, id));
    }

    [Theory, BothContracts]
    public async Task A_running_task_has_no_result(Contract contract)
    {
        var id = await fixture.MadeAsync(contract);
        fixture.Clock.Advance(SandboxFixture.Generation / 2);

        var reply = await fixture.GetAsync(contract, id);
        var fields =
            (contract == Contract.ToApis ? reply.Json : reply.Json["data"]!).AsObject().Select(field => field.Key);
        Assert.Equal(contract == Contract.ToApis
            ? ["id", "object", "model", "status", "created_at", "progress"]
            : ["id", "status", "progress", "created", "estimated_time"], fields);
    }

    [Fact]
    public async Task Only_a_task_with_a_video_can_be_extended()
    {
        Task<SandboxResponse> Extend(string id) =>
            fixture.SubmitAsync(Contract.ApiMart, change: body => body["extend_from_task_id"] = id);

        var id = await fixture.MadeAsync(Contract.ApiMart);
        var failed = await fixture.MadeAsync(Contract.ApiMart, "[fail]");
        var empty = await fixture.MadeAsync(Contract.ApiMart, "[no-video]");
        var foreign = await fixture.MadeAsync(Contract.ToApis);
        Assert.Contains("completed", SandboxErrorTests.Refused(await Extend(id), 400, "invalid_request_error"),
            StringComparison.Ordinal);

        fixture.Clock.Advance(SandboxFixture.Generation);
        Assert.Equal(200, (await Extend(id)).Status);
        foreach (var other in new[] { failed, empty, foreign })
            SandboxErrorTests.Refused(await Extend(other), 400, "invalid_request_error");
    }

    [Fact]
    public async Task Extending_and_a_reference_video_exclude_each_other()
    {
        var id = await fixture.MadeAsync(Contract.ApiMart);
        fixture.Clock.Advance(SandboxFixture.Generation);

        var reply = await fixture.SubmitAsync(Contract.ApiMart, change: body =>
        {
            body["extend_from_task_id"] = id;
            body["video_urls"] = new JsonArray("https://example.com/a.mp4");
        });
        SandboxErrorTests.Refused(reply, 400, "invalid_request_error");
    }
}
