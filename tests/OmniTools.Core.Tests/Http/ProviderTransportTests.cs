using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using OmniTools.Diagnostics;
using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.Testing;
using Xunit;

namespace OmniTools.Tests.Http;

public sealed class ProviderTransportTests : IAsyncLifetime
{
    private static readonly ApiRequest Read = new(HttpMethod.Get, "/v1/balance");

    private static readonly ApiRequest Submit = new(HttpMethod.Post, "/v1/videos/generations")
    {
        Body = """{"model":"m","prompt":"p"}"""u8.ToArray(),
        IdempotencyKey = "key-1",
        Timeout = HttpConstants.SubmitTimeout,
    };

    private readonly ManualClock clock = new() { AutoAdvance = true };
    private LoopbackProvider server = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ProviderTransport Transport => field ??= TestProviders.Transport(server, clock);

    public async ValueTask InitializeAsync() => server = await LoopbackProvider.StartAsync(Contract.ApiMart);

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_submission_travels_with_key_idempotency_key_and_body_and_without_expect()
    {
        var answer = await Transport.SendAsync(Submit, Stop);
        Assert.Equal(200, answer.Status);
        var request = Assert.Single(server.Requests);
        Assert.Equal("Bearer " + server.ApiKey, request.Authorization);
        Assert.Equal("key-1", request.Headers["Idempotency-Key"]);
        Assert.Equal("application/json", request.Headers["Content-Type"]);
        Assert.Equal("""{"model":"m","prompt":"p"}""", request.Body);
        Assert.False(request.Headers.ContainsKey("Expect"));
    }

    [Fact]
    public async Task Without_a_key_nothing_is_sent()
    {
        var error = await Assert.ThrowsAsync<OmniException>(() => TestProviders.Transport(server.BaseAddress, null, clock).SendAsync(Submit, Stop));
        Assert.Equal(OmniErrorKind.Authentication, error.Kind);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task No_redirect_is_followed_and_the_key_stays_at_its_host(int status)
    {
        await using var other = await LoopbackProvider.StartAsync(Contract.ApiMart);
        server.Next(RequestKind.Get, Fault.Redirect(other.BaseAddress + "/v1/balance", status));
        Assert.Equal(status, (await Transport.ReadAsync(Read, Stop)).Status);
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task A_key_that_the_provider_repeats_is_masked_in_body_and_request_id()
    {
        server.Next(RequestKind.Get, Fault.Status(401, $"bad key {server.ApiKey}", ("x-request-id", server.ApiKey)));
        var answer = await Transport.ReadAsync(Read, Stop);
        Assert.Equal("bad key ***", Encoding.UTF8.GetString(answer.Body));
        Assert.Equal("***", answer.RequestId);
    }

    [Fact]
    public async Task A_refused_connection_certainly_sent_nothing()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var failure = await Assert.ThrowsAsync<TransportException>(() => TestProviders.Transport($"http://127.0.0.1:{port}", "sk-test", clock).SendAsync(Submit, Stop));
        Assert.True(failure.CertainlyNotSent);
    }

    [Fact]
    public async Task A_reset_after_the_body_may_have_been_accepted()
    {
        server.Next(RequestKind.Post, Fault.ResetBeforeAccepting, Fault.ResetAfterAccepting);
        Assert.False((await Assert.ThrowsAsync<TransportException>(() => Transport.SendAsync(Submit, Stop))).CertainlyNotSent);
        Assert.False((await Assert.ThrowsAsync<TransportException>(() => Transport.SendAsync(Submit, Stop))).CertainlyNotSent);
        Assert.Equal((2, 1), (server.Requests.Count, server.Creates));
    }

    [Fact]
    public async Task A_reset_on_a_reused_connection_never_makes_the_handler_send_a_submission_again()
    {
        for (var round = 0; round < 10; round++)
        {
            Assert.Equal(200, (await Transport.ReadAsync(Read, Stop)).Status);
            server.Next(RequestKind.Post, Fault.ResetAfterAccepting);
            await Assert.ThrowsAsync<TransportException>(() => Transport.SendAsync(Submit with { IdempotencyKey = $"key-{round}" }, Stop));
            Assert.Equal(round + 1, server.Requests.Count(request => request.IsSubmit));
        }
        Assert.All(server.CreatesByKey.Values, creates => Assert.Equal(1, creates));
    }

    [Fact]
    public async Task A_submission_without_an_answer_ends_at_its_timeout_and_may_have_been_accepted()
    {
        var manual = new ManualClock();
        server.Next(RequestKind.Post, Fault.HangAfterAccepting);
        var sending = TestProviders.Transport(server, manual).SendAsync(Submit, Stop);
        await server.WhenRequestAsync(request => request.IsSubmit);
        manual.Advance(TimeSpan.FromSeconds(59));
        Assert.False(sending.IsCompleted);
        manual.Advance(TimeSpan.FromSeconds(1));
        var failure = await Assert.ThrowsAsync<TransportException>(() => sending);
        Assert.Equal("no answer within 60 s", failure.Message);
        Assert.False(failure.CertainlyNotSent);
        Assert.Equal(1, server.Creates);
    }

    [Fact]
    public async Task A_submission_cancelled_on_its_way_may_have_been_accepted()
    {
        using var giveUp = new CancellationTokenSource();
        server.Next(RequestKind.Post, Fault.HangAfterAccepting);
        var sending = Transport.SendAsync(Submit, giveUp.Token);
        await server.WhenRequestAsync(request => request.IsSubmit);
        await giveUp.CancelAsync();
        Assert.False((await Assert.ThrowsAsync<TransportException>(() => sending)).CertainlyNotSent);
    }

    [Fact]
    public async Task A_submission_cancelled_before_it_began_sent_nothing()
    {
        using var giveUp = new CancellationTokenSource();
        await giveUp.CancelAsync();
        Assert.True((await Assert.ThrowsAsync<TransportException>(() => Transport.SendAsync(Submit, giveUp.Token))).CertainlyNotSent);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task An_answer_cut_short_is_no_answer()
    {
        server.Next(RequestKind.Post, Fault.TruncatedBody);
        Assert.False((await Assert.ThrowsAsync<TransportException>(() => Transport.SendAsync(Submit, Stop))).CertainlyNotSent);
    }

    [Fact]
    public async Task An_answer_beyond_4_MB_is_not_read()
    {
        server.Balance = new string('x', HttpConstants.LargestAnswer + 1);
        Assert.Contains("4 MB", (await Assert.ThrowsAsync<TransportException>(() => Transport.SendAsync(Read, Stop))).Message, StringComparison.Ordinal);
        server.Balance = new string('x', HttpConstants.LargestAnswer);
        Assert.Equal(HttpConstants.LargestAnswer, (await Transport.SendAsync(Read, Stop)).Body.Length);
    }

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
    public async Task A_read_that_was_refused_is_not_tried_again(int status)
    {
        server.Next(RequestKind.Get, Fault.Status(status));
        Assert.Equal(status, (await Transport.ReadAsync(Read, Stop)).Status);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task After_four_attempts_the_last_answer_is_given()
    {
        server.Next(RequestKind.Get, Fault.Status(500), Fault.Status(502), Fault.Status(503), Fault.Status(504), Fault.Status(500));
        Assert.Equal(504, (await Transport.ReadAsync(Read, Stop)).Status);
        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public async Task After_four_broken_connections_the_error_says_what_to_do()
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
    [InlineData("Retry-After", "Wed, 20 May 2026 03:23:37 GMT", 10)]
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
    public async Task Trace_lines_tell_the_exchange_and_hold_neither_key_nor_body()
    {
        var lines = new ConcurrentQueue<string>();
        using (OmniTrace.Listen((_, line) => lines.Enqueue(line)))
        {
            server.Next(RequestKind.Get, Fault.Status(503));
            await Transport.ReadAsync(Read, Stop);
            await Transport.SendAsync(Submit, Stop);
        }
        Assert.Contains(lines, line => line.StartsWith($"GET {server.BaseAddress}/v1/balance 503", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("HTTP 503; attempt 2 of 4", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("POST ", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.False(line.Contains(server.ApiKey, StringComparison.Ordinal) || line.Contains("Bearer", StringComparison.Ordinal) || line.Contains("prompt", StringComparison.Ordinal)));
    }
}
