using OmniTools.Core.Tests.Submitting;
using OmniTools.Sandbox.Protocol;

namespace OmniTools.Core.Tests.Sandbox;

public sealed class SandboxTriggerTests : IDisposable
{
    private readonly SandboxFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    private async Task<SandboxResponse> EndAsync(Contract contract, string prompt)
    {
        var id = await fixture.MadeAsync(contract, prompt);
        fixture.Clock.Advance(SandboxFixture.Generation);
        return await fixture.GetAsync(contract, id);
    }

    [Fact]
    public void SandboxTriggers_All_ListsEachWordOnceWithItsEffect()
    {
        Assert.Equal(["[fail]", "[moderated]", "[rate-limited]", "[slow]", "[no-balance]", "[lost-answer]",
            "[no-video]", "[expired]"], SandboxTriggers.All.Select(word => word.Text));
        Assert.All(SandboxTriggers.All, word => Assert.NotEmpty(word.Effect));
    }

    [Fact]
    public async Task A_task_that_fails_at_ToAPIs_is_HTTP_200_with_a_code_in_words()
    {
        var reply = await EndAsync(Contract.ToApis, "a cat [FAIL] in the rain");

        Assert.Equal(200, reply.Status);
        Assert.Equal(["id", "object", "model", "status", "created_at", "progress", "error"],
            reply.Json.AsObject().Select(field => field.Key));
        Assert.Equal("failed", (string)reply.Json["status"]!);
        Assert.Equal(0, (int)reply.Json["progress"]!);
        Assert.Equal("generation_failed", (string)reply.Json["error"]!["code"]!);
        Assert.NotEmpty((string)reply.Json["error"]!["message"]!);
    }

    [Fact]
    public async Task A_task_that_fails_at_APIMart_is_HTTP_200_with_a_code_in_digits()
    {
        var reply = await EndAsync(Contract.ApiMart, "[fail]");

        Assert.Equal(200, reply.Status);
        Assert.Equal(200, (int)reply.Json["code"]!);
        var data = reply.Json["data"]!.AsObject();
        Assert.Equal("failed", (string)data["status"]!);
        Assert.Equal(500, (int)data["error"]!["code"]!);
        Assert.Equal("server_error", (string)data["error"]!["type"]!);
        Assert.False(data.ContainsKey("result") || data.ContainsKey("cost"));
    }

    [Theory]
    [InlineData(Contract.ToApis, 422)]
    [InlineData(Contract.ApiMart, 400)]
    public async Task Moderated_is_refused_each_time_and_makes_no_task(Contract contract, int status)
    {
        for (var attempt = 0; attempt < 2; attempt++)
            SandboxErrorTests.Refused(await fixture.SubmitAsync(contract, "[moderated]", key: "k"), status,
                "content_policy_violation");
        Assert.False(Directory.Exists(fixture.Store));
    }

    [Theory]
    [InlineData(Contract.ToApis, "insufficient_quota")]
    [InlineData(Contract.ApiMart, "payment_required")]
    public async Task No_balance_is_402_each_time_and_makes_no_task(Contract contract, string type)
    {
        for (var attempt = 0; attempt < 2; attempt++)
            SandboxErrorTests.Refused(await fixture.SubmitAsync(contract, "[no-balance]", key: "k"), 402, type);
        Assert.False(Directory.Exists(fixture.Store));
    }

    [Theory]
    [InlineData(Contract.ToApis, "k")]
    [InlineData(Contract.ToApis, null)]
    [InlineData(Contract.ApiMart, "k")]
    [InlineData(Contract.ApiMart, null)]
    public async Task Rate_limited_is_429_once_for_each_request_and_then_accepted(Contract contract, string? key)
    {
        var refused = await fixture.SubmitAsync(contract, "[rate-limited]", key);

        SandboxErrorTests.Refused(refused, 429, "rate_limit_error");
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
        using var later = fixture.NewProcess();
        Assert.Equal(200, (await later.SubmitAsync(contract, "[rate-limited]", key)).Status);
        Assert.Equal(429,
            (await later.SubmitAsync(contract, "[rate-limited] another", key is null ? null : "k2")).Status);
    }

    [Theory, BothContracts]
    public async Task Slow_takes_ten_times_as_long(Contract contract)
    {
        var id = await fixture.MadeAsync(contract, "[slow]");

        fixture.Clock.Advance(SandboxFixture.Generation * 10 - TimeSpan.FromSeconds(1));
        Assert.Equal(99, SandboxFixture.ProgressOf(contract, await fixture.GetAsync(contract, id)));
        fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("completed", SandboxFixture.StatusOf(contract, await fixture.GetAsync(contract, id)));
    }

    [Theory, BothContracts]
    public async Task Lost_answer_breaks_the_first_response_and_keeps_the_task(Contract contract)
    {
        var lost = await Assert.ThrowsAsync<HttpRequestException>(
            () => fixture.SubmitAsync(contract, "[lost-answer]", key: "k"));

        Assert.Equal(HttpRequestError.ResponseEnded, lost.HttpRequestError);
        Assert.Single(Directory.GetFiles(fixture.Store, "*.json"));
        var again = await fixture.SubmitAsync(contract, "[lost-answer]", key: "k");
        Assert.Equal(contract == Contract.ApiMart, again.IsReplay);
        Assert.Equal(200, (await fixture.GetAsync(contract, SandboxFixture.IdOf(contract, again))).Status);
        Assert.Single(Directory.GetFiles(fixture.Store, "*.json"));
    }

    [Theory, BothContracts]
    public async Task No_video_completes_with_an_empty_list(Contract contract)
    {
        var reply = await EndAsync(contract, "[no-video]");

        Assert.Equal("completed", SandboxFixture.StatusOf(contract, reply));
        Assert.Empty((contract == Contract.ToApis
            ? reply.Json["result"]!["data"]
            : reply.Json["data"]!["result"]!["videos"])!.AsArray());
        var id = Path.GetFileNameWithoutExtension(Assert.Single(Directory.GetFiles(fixture.Store, "*.json")));
        Assert.Equal(404,
            (await fixture.SendAsync(HttpMethod.Get, $"https://sandbox.omnitools.invalid/videos/{id}.mp4")).Status);
    }

    [Theory, BothContracts]
    public async Task Expired_completes_with_a_URL_that_is_403_at_once(Contract contract)
    {
        var url = await fixture.VideoAsync(contract, prompt: "[expired]");

        Assert.Equal(403, (await fixture.SendAsync(HttpMethod.Get, url)).Status);
        Assert.Equal(403, (await fixture.SendAsync(HttpMethod.Head, url)).Status);
    }
}
