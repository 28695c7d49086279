using OmniTools.Mcp.Protocol;

namespace OmniTools.Mcp.Tests;

/// <summary>A provider that does not answer must not keep an assistant waiting, nor make it buy twice.</summary>
public sealed class SlowProviderTests
{
    [Fact]
    public async Task A_submission_that_takes_too_long_is_answered_with_its_request_key_and_goes_on()
    {
        var clock = new TestTimeProvider();
        await using var provider = await StartProviderAsync();
        await using var server = await ServerFixture.StartAsync(provider, timeProvider: clock);
        var call = server.GetAsync("generate_video", """{"prompt":"a fox"}""");
        await provider.WhenRequestAsync(request => request.IsSubmit);
        await clock.WhenWaitingAsync();

        clock.Advance(ToolCall.Timeout);
        var answer = await call;

        Assert.Equal("submitting", answer.GetProperty("status").GetString());
        var key = answer.GetProperty("request_key").GetString()!;
        AssertText.Contains("never submit it with another key", answer.GetProperty("next").GetString());
        Assert.Equal("submitting", await StatusAsync());

        provider.Release();
        await server.Session.Submissions.Find(key)!.Completion;
        Assert.Equal("queued", await StatusAsync());
        Assert.Equal(1, provider.Creates);

        async Task<string?> StatusAsync() =>
            Assert.Single((await server.GetAsync("list_video_tasks")).Strings("tasks", "status"));
    }

    [Fact]
    public async Task A_caller_that_gives_up_does_not_stop_the_submission()
    {
        await using var provider = await StartProviderAsync();
        await using var server = await ServerFixture.StartAsync(provider);
        using var giveUp = new CancellationTokenSource();
        var call = server.CallAsync(
            "generate_video", """{"prompt":"a fox","request_key":"fox"}""", stopping: giveUp.Token);
        await provider.WhenRequestAsync(request => request.IsSubmit);

        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        var submission = server.Session.Submissions.Find("fox")!;
        provider.Release();

        Assert.Equal("fox", (await submission.Completion).RequestKey);
    }

    [Fact]
    public async Task A_server_that_ends_leaves_a_submission_under_way_to_the_ledger_as_unknown()
    {
        await using var provider = await StartProviderAsync();
        await using var server = await ServerFixture.StartAsync(provider);
        var call = server.CallAsync("generate_video", """{"prompt":"a fox","request_key":"fox"}""");
        await provider.WhenRequestAsync(request => request.IsSubmit);

        await server.EndInputAsync();
        await server.Serving.WaitAsync(TimeSpan.FromSeconds(3));

        await Assert.ThrowsAnyAsync<Exception>(() => call);
        await using var later = new OmniClient(server.Settings, TestSettings.Options);
        Assert.Equal("unknown",
            OmniTools.VideoTasks.VideoTaskStatusExtensions.ToWireName(later.FindTask("fox")!.Status));
    }

    [Fact]
    public async Task EndOfInput_WhileASubmissionCompletes_StillSendsItsResult()
    {
        await using var provider = await StartProviderAsync();
        await using var server = await ServerFixture.StartAsync(provider, timeProvider: new TestTimeProvider());
        var call = server.GetAsync("generate_video", """{"prompt":"a fox","request_key":"fox"}""");
        await provider.WhenRequestAsync(request => request.IsSubmit);

        await server.EndInputAsync();
        provider.Release();

        Assert.Equal("queued", (await call).GetProperty("status").GetString());
        await server.Serving.WaitAsync(TimeSpan.FromMinutes(1));
    }

    private static async Task<LoopbackProvider> StartProviderAsync()
    {
        var provider = await LoopbackProvider.StartAsync(Contract.ApiMart);
        provider.Next(RequestKind.Post, Fault.HangAfterAccepting);
        return provider;
    }
}
