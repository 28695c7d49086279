using System.Net;
using System.Net.Sockets;
using System.Text;
using OmniTools.Ledger;

namespace OmniTools.Storage.Tests;

/// <summary>A connection that breaks when the server has committed and its answer is on the way.</summary>
public sealed class LostCommitTests(PostgresFixture postgres)
{
    [Fact]
    public async Task TryBeginAsync_AnswerToTheCommitIsLost_IsBegunOnce()
    {
        await using var proxy = await StartProxyAsync();
        await using var ledger = new PostgresLedgerFixture(proxy.Address);
        await ledger.Store.KeysAsync();
        proxy.IsBreaking = true;
        await using var lease = await ledger.Store.BeginAsync("k1");
        Assert.False(proxy.IsBreaking);
        Assert.Equal((1, LedgerState.Intended), (lease.Request.Attempt, lease.Request.State));
        await lease.RenewAsync(default);
        Assert.Single((await ledger.Store.GetDayAsync(null, default)).Requests);
    }

    [Fact]
    public async Task TakeAsync_AnswerToTheCommitIsLost_IsTakenOnce()
    {
        await using var proxy = await StartProxyAsync();
        await using var ledger = new PostgresLedgerFixture(proxy.Address);
        await ledger.Store.KeysAsync();
        proxy.IsBreaking = true;
        await using var lease = (await ledger.Store.Batches.TakeAsync("shots", TimeSpan.FromMinutes(1), default)).Lease;
        Assert.False(proxy.IsBreaking);
        Assert.True(await lease!.RenewAsync(default));
    }

    private async Task<Proxy> StartProxyAsync() =>
        new(await (await postgres.GetAsync()).CreateDatabaseAsync());

    /// <summary>Passes on what a server and its clients say, until it is told to break a connection.</summary>
    private sealed class Proxy : IAsyncDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly Uri server;
        private readonly Task accepting;

        public Proxy(string address)
        {
            server = new Uri(address);
            listener.Start();
            Address = new UriBuilder(server)
            {
                Host = "127.0.0.1",
                Port = ((IPEndPoint)listener.LocalEndpoint).Port,
                Query = "sslmode=disable",
            }.ToString();
            accepting = AcceptAsync();
        }

        public string Address { get; }

        /// <summary>Whether the next answer to a commit is lost.</summary>
        public bool IsBreaking { get; set; }

        public async ValueTask DisposeAsync()
        {
            listener.Stop();
            await accepting;
        }

        private async Task AcceptAsync()
        {
            var connections = new List<Task>();
            try
            {
                while (true)
                    connections.Add(ServeAsync(await listener.AcceptTcpClientAsync()));
            }
            catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
            {
                await Task.WhenAll(connections);
            }
        }

        private async Task ServeAsync(TcpClient client)
        {
            using var ours = client;
            using var theirs = new TcpClient(server.Host, server.Port);
            await Task.WhenAny(PassOnAsync(ours, theirs, isAnswer: false), PassOnAsync(theirs, ours, isAnswer: true));
        }

        private async Task PassOnAsync(TcpClient from, TcpClient to, bool isAnswer)
        {
            var buffer = new byte[65536];
            try
            {
                while (await from.GetStream().ReadAsync(buffer) is > 0 and var read)
                {
                    if (isAnswer && IsBreaking && Encoding.Latin1.GetString(buffer, 0, read).Contains("COMMIT\0"))
                    {
                        IsBreaking = false;
                        return;
                    }
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, read));
                }
            }
            catch (Exception broken) when (broken is IOException or ObjectDisposedException or SocketException)
            {
                // Either side has ended.
            }
        }
    }
}
