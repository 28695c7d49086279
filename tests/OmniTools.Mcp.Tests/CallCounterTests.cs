using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using OmniTools.Mcp.Hosting;
using OmniTools.Testing;

namespace OmniTools.Mcp.Tests;

/// <summary>How long the answers to what was asked are waited for when the input has ended.</summary>
public sealed class InFlightRequestsTests
{
    private readonly ManualClock clock = new() { AutoAdvance = true };
    private readonly InFlightRequests counter;

    public InFlightRequestsTests() => counter = new(clock);

    [Theory]
    [InlineData("tools/call", "wait_video_task", 0.32)]
    [InlineData("tools/call", "generate_video", 0.82)]
    [InlineData("tools/list", null, 1.42)]
    public async Task A_message_without_an_end_is_waited_for_as_long_as_what_it_asks_for_deserves(string method, string? name, double seconds)
    {
        _ = ReceiveAsync(method, name, new TaskCompletionSource().Task);

        Assert.Equal(seconds, await SecondsAsync(), 3);
    }

    [Fact]
    public async Task A_message_that_nobody_has_looked_at_yet_is_waited_for_like_one_that_is_answered_at_once()
    {
        counter.Receive("{}\n"u8);

        Assert.Equal(1.42, await SecondsAsync(), 3);
    }

    [Fact]
    public async Task A_long_wait_does_not_hide_a_call_that_is_still_worked_on()
    {
        _ = ReceiveAsync("tools/call", "wait_video_task", new TaskCompletionSource().Task);
        _ = ReceiveAsync("tools/call", "list_video_tasks", new TaskCompletionSource().Task);

        Assert.Equal(0.82, await SecondsAsync(), 3);
    }

    [Fact]
    public async Task Nothing_is_waited_for_when_all_is_done_but_for_the_way_of_the_last_answer()
    {
        await ReceiveAsync("tools/list", null, Task.CompletedTask);
        await ReceiveAsync("tools/call", "wait_video_task", Task.CompletedTask);
        await Assert.ThrowsAsync<InvalidOperationException>(() => ReceiveAsync("tools/call", "save_video", Task.FromException(new InvalidOperationException())));

        Assert.Equal(0.02, await SecondsAsync(), 3);
    }

    private Task ReceiveAsync(string method, string? name, Task work)
    {
        counter.Receive("{}\n"u8);
        return counter.CountAsync(new JsonRpcRequest { Id = new(1), Method = method, Params = name is null ? new JsonArray() : new JsonObject { ["name"] = name } }, () => work);
    }

    private async Task<double> SecondsAsync()
    {
        var began = clock.GetUtcNow();
        await counter.IdleAsync();
        return (clock.GetUtcNow() - began).TotalSeconds;
    }
}
