using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OmniTools.Core.Tests.Http;

/// <summary>
/// A socket that reads each request, answers it with bytes of the test's own, or none, and drops the connection.
/// </summary>
internal sealed class RawServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<string> requests = new();

    public RawServer(string answer = "")
    {
        listener.Start();
        Address = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        _ = ServeAsync(Encoding.ASCII.GetBytes(answer));
    }

    public string Address { get; }

    /// <summary>Every request as it arrived, whoever in the client thought of sending it.</summary>
    public IReadOnlyList<string> Requests => [.. requests];

    public void Dispose() => listener.Dispose();

    private async Task ServeAsync(byte[] answer)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync();
                var stream = client.GetStream();
                var buffer = new byte[65536];
                var request = "";
                while (!IsWhole(request) && await stream.ReadAsync(buffer) is > 0 and var read)
                    request += Encoding.ASCII.GetString(buffer, 0, read);
                if (request.Length > 0)
                    requests.Enqueue(request);
                await stream.WriteAsync(answer);
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private static bool IsWhole(string request)
    {
        var end = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var length = request.Split("\r\n")
            .FirstOrDefault(line => line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase));
        return end >= 0 && request.Length >= end + 4
            + (length is null ? 0 : int.Parse(length[16..], System.Globalization.CultureInfo.InvariantCulture));
    }
}
