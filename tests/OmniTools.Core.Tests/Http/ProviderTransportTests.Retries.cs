using System.Collections.Concurrent;
using OmniTools.Diagnostics;
using OmniTools.Errors;
using OmniTools.Http;

namespace OmniTools.Core.Tests.Http;

public sealed partial class ProviderTransportTests
{
    [Theory]
    [InlineData(408)]
    [InlineData(425)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task A_read_is_tried_again_after_a_transient_status(int status)
    {
        server.Next(RequestKind.Get, Fault.Status(status), Fault.ResetBeforeAccepting, Fault.Status(status));
        Assert.Equal(200, (await Transport.ReadAsync(Read, Stop)).Status);
        Assert.Equal(4, server.Requests.Count);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(402)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(422)]
    public async Task A_refused_read_is_not_retried(int status)
    {
        server.Next(RequestKind.Get, Fault.Status(status));
        Assert.Equal(status, (await Transport.ReadAsync(Read, Stop)).Status);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_read_returns_the_last_response_after_four_attempts()
    {
        server.Next(RequestKind.Get, Fault.Status(500), Fault.Status(502), Fault.Status(503), Fault.Status(504),
            Fault.Status(500));
        Assert.Equal(504, (await Transport.ReadAsync(Read, Stop)).Status);
        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public async Task A_read_that_fails_four_times_says_what_to_do()
    {
        server.Next(RequestKind.Get, [.. Enumerable.Repeat(Fault.ResetBeforeAccepting, 8)]);
        var error = await Assert.ThrowsAsync<OmniException>(() => Transport.ReadAsync(Read, Stop));
        Assert.Equal(OmniErrorKind.ProviderUnavailable, error.Kind);
        Assert.Contains("Nothing was billed", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.NextStep);
    }

    [Fact]
    public async Task A_server_that_drops_every_connection_sees_four_reads_and_one_submission()
    {
        using var dropping = new RawServer();
        var transport = TestProviders.Transport(dropping.Address, "sk-test", clock);
        await Assert.ThrowsAsync<OmniException>(() => transport.ReadAsync(Read, Stop));
        // Counted at the socket: the handler tries a request without a body again on its own.
        Assert.Equal(4, dropping.Requests.Count);
        await Assert.ThrowsAsync<TransportException>(() => transport.SendAsync(Submit, Stop));
        Assert.Equal(5, dropping.Requests.Count);
        Assert.DoesNotContain("Content-Type", dropping.Requests[0], StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("Retry-After", "7", 7)]
    [InlineData("Retry-After", "120", 120)]
    [InlineData("retry-after-ms", "1500", 1.5)]
    [InlineData("Retry-After", "Wed, 20 May 2026 12:00:10 GMT", 10)]
    [InlineData("Retry-After", "NaN", 0.25)]
    public async Task Retry_after_decides_the_delay_of_a_read(string name, string value, double seconds)
    {
        var began = clock.GetUtcNow();
        server.Next(RequestKind.Get, Fault.Status(429, "", (name, value)));
        Assert.Equal(200, (await Transport.ReadAsync(Read, Stop)).Status);
        Assert.Equal(seconds, (clock.GetUtcNow() - began).TotalSeconds);
    }

    [Fact]
    public async Task A_retry_after_beyond_two_minutes_stops_a_read_at_once()
    {
        var began = clock.GetUtcNow();
        server.Next(RequestKind.Get, Fault.Status(429, "", ("Retry-After", "121")));
        var answer = await Transport.ReadAsync(Read, Stop);
        Assert.Equal((429, 121), (answer.Status, answer.RetryAfter?.TotalSeconds));
        Assert.Equal(began, clock.GetUtcNow());
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Trace_lines_show_the_exchange_without_key_and_body()
    {
        var lines = new ConcurrentQueue<string>();
        using (TraceSubscription.Start((_, line) => lines.Enqueue(line)))
        {
            server.Next(RequestKind.Get, Fault.Status(503));
            await Transport.ReadAsync(Read, Stop);
            await Transport.SendAsync(Submit, Stop);
        }
        Assert.Contains(lines,
            line => line.StartsWith($"GET {server.BaseAddress}/v1/balance 503", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("HTTP 503; attempt 2 of 4", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("POST ", StringComparison.Ordinal));
        Assert.All(lines, line =>
            Assert.False(line.Contains(server.ApiKey, StringComparison.Ordinal)
            || line.Contains("Bearer", StringComparison.Ordinal) || line.Contains("prompt", StringComparison.Ordinal)));
    }
}
