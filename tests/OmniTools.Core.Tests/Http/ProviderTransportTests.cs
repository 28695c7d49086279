using System.Net;
using System.Net.Sockets;
using System.Text;
using OmniTools.Errors;
using OmniTools.Http;

namespace OmniTools.Core.Tests.Http;

public sealed partial class ProviderTransportTests : IAsyncLifetime
{
    private static readonly ApiRequest Read = new(HttpMethod.Get, "/v1/balance");

    private static readonly ApiRequest Submit = new(HttpMethod.Post, "/v1/videos/generations")
    {
        Body = """{"model":"m","prompt":"p"}"""u8.ToArray(),
        IdempotencyKey = "key-1",
        Timeout = HttpConstants.SubmitTimeout,
    };

    private readonly TestTimeProvider clock = new() { AutoAdvance = true };
    private LoopbackProvider server = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ProviderTransport Transport => field ??= TestProviders.Transport(server, clock);

    public async ValueTask InitializeAsync() => server = await LoopbackProvider.StartAsync(Contract.ApiMart);

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_submission_is_sent_with_key_idempotency_key_and_body_and_without_expect()
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
        var error = await Assert.ThrowsAsync<OmniException>(
            () => TestProviders.Transport(server.BaseAddress, null, clock).SendAsync(Submit, Stop));
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
    public async Task A_submission_over_a_refused_connection_sent_nothing()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var failure = await Assert.ThrowsAsync<TransportException>(
            () => TestProviders.Transport($"http://127.0.0.1:{port}", "sk-test", clock).SendAsync(Submit, Stop));
        Assert.True(failure.CertainlyNotSent);
    }

    [Fact]
    public async Task A_submission_that_is_reset_after_its_body_may_have_been_accepted()
    {
        server.Next(RequestKind.Post, Fault.ResetBeforeAccepting, Fault.ResetAfterAccepting);
        Assert.False(
            (await Assert.ThrowsAsync<TransportException>(() => Transport.SendAsync(Submit, Stop))).CertainlyNotSent);
        Assert.False(
            (await Assert.ThrowsAsync<TransportException>(() => Transport.SendAsync(Submit, Stop))).CertainlyNotSent);
        Assert.Equal((2, 1), (server.Requests.Count, server.Creates));
    }

    [Fact]
    public async Task A_reset_on_a_reused_connection_never_makes_the_handler_send_a_submission_again()
    {
        for (var round = 0; round < 10; round++)
        {
            Assert.Equal(200, (await Transport.ReadAsync(Read, Stop)).Status);
            server.Next(RequestKind.Post, Fault.ResetAfterAccepting);
            await Assert.ThrowsAsync<TransportException>(
                () => Transport.SendAsync(Submit with { IdempotencyKey = $"key-{round}" }, Stop));
            Assert.Equal(round + 1, server.Requests.Count(request => request.IsSubmit));
        }
        Assert.All(server.CreatesByKey.Values, creates => Assert.Equal(1, creates));
    }

    [Fact]
    public async Task A_submission_without_an_answer_ends_at_its_timeout_and_may_have_been_accepted()
    {
        var manual = new TestTimeProvider();
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
    public async Task A_submission_cancelled_after_it_began_may_have_been_accepted()
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
        Assert.True((await Assert.ThrowsAsync<TransportException>(
            () => Transport.SendAsync(Submit, giveUp.Token))).CertainlyNotSent);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_truncated_response_is_an_error()
    {
        server.Next(RequestKind.Post, Fault.TruncatedBody);
        Assert.False(
            (await Assert.ThrowsAsync<TransportException>(() => Transport.SendAsync(Submit, Stop))).CertainlyNotSent);
    }

    [Fact]
    public async Task A_response_above_4_MB_is_not_read()
    {
        server.Balance = new string('x', HttpConstants.LargestAnswer + 1);
        Assert.Contains("4 MB", (await Assert.ThrowsAsync<TransportException>(
            () => Transport.SendAsync(Read, Stop))).Message, StringComparison.Ordinal);
        server.Balance = new string('x', HttpConstants.LargestAnswer);
        Assert.Equal(HttpConstants.LargestAnswer, (await Transport.SendAsync(Read, Stop)).Body.Length);
    }
}
