using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OmniTools.Benchmarks.Lean;

/// <summary>
/// The other end, in a process of its own and with as little work as possible (a real one is another machine): a task's
/// end stands in its id, the file goes from memory to the socket without a copy where the system can. Says its address,
/// then serves until it is killed.
/// </summary>
internal static class LeanServer
{
    /// <summary>The size of the file.</summary>
    public const int FileBytes = 512 * 1024 * 1024;

    /// <summary>How often the transfer of <c>/files/cut.mp4</c> breaks.</summary>
    public const int Cuts = 20;

    private const int SliceBytes = 256 * 1024;
    private const int SmallBytes = 1024 * 1024;

    private static readonly Lazy<ServedFile> File = new(() => new(FileBytes));
    private static readonly Queue<int> cuts = new();
    private static string address = "";
    private static int delay;
    private static int accepted;
    private static long arrived;
    private static long polls;
    private static long sent;

    /// <summary>The id of a task that ends at a time.</summary>
    public static string IdOf(DateTimeOffset end, int number) =>
        FormattableString.Invariant($"video_{end.ToUnixTimeMilliseconds()}_{number}");

    /// <summary>When the task of an id ends.</summary>
    public static DateTimeOffset EndOf(string id) =>
        DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(id.Split('_')[1], CultureInfo.InvariantCulture));

    public static void Run()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(64);
        address = $"http://{listener.LocalEndPoint}";
        Console.WriteLine(address);
        while (true)
        {
            var socket = listener.Accept();
            new Thread(() => Serve(socket), 256 * 1024) { IsBackground = true }.Start();
        }
    }

    private static void Serve(Socket socket)
    {
        socket.NoDelay = true;
        var buffer = new byte[16 * 1024];
        try
        {
            for (var length = 0; ;)
            {
                var read = socket.Receive(buffer.AsSpan(length));
                if (read == 0)
                    break;
                length += read;
                var head = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) + 4;
                if (head < 4)
                    continue;
                var text = Encoding.ASCII.GetString(buffer, 0, head);
                if (length < head + BodyLength(text))
                    continue;
                length = 0;
                if (!Answer(socket, text.Split(' ', 3)[1], text))
                    break;
            }
        }
        catch (SocketException)
        {
            // The client went away.
        }
        socket.Dispose();
    }

    private static bool Answer(Socket socket, string path, string request)
    {
        if (path.StartsWith("/files/", StringComparison.Ordinal))
            return SendFile(socket, path, request);
        var body = path switch
        {
            _ when request.StartsWith("POST ", StringComparison.Ordinal) => Accept(),
            _ when path.StartsWith("/delay/", StringComparison.Ordinal) =>
                (delay = int.Parse(path[7..], CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture),
            "/arrived" => Interlocked.Read(ref arrived).ToString(CultureInfo.InvariantCulture),
            "/count" => Interlocked.Read(ref polls).ToString(CultureInfo.InvariantCulture),
            "/sent" => Interlocked.Exchange(ref sent, 0).ToString(CultureInfo.InvariantCulture),
            _ when path.StartsWith("/cuts/", StringComparison.Ordinal) =>
                PlanCuts(int.Parse(path[6..], CultureInfo.InvariantCulture)),
            _ => State(path[(path.LastIndexOf('/') + 1)..]),
        };
        socket.Send(Encoding.UTF8.GetBytes(
            $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"));
        return true;
    }

    // Accepts whatever is submitted: a task that has ended already.
    private static string Accept()
    {
        Interlocked.Exchange(ref arrived, DateTime.UtcNow.Ticks);
        if (delay > 0)
            Thread.Sleep(delay);
        var now = DateTimeOffset.UtcNow;
        return FormattableString.Invariant(
            $"{{\"id\":\"{IdOf(now, Interlocked.Increment(ref accepted))}\",\"object\":\"generation.task\",\"model\":\"gemini_omni_flash\",\"status\":\"queued\",\"progress\":0,\"created_at\":{now.ToUnixTimeSeconds()}}}");
    }

    private static int BodyLength(string head)
    {
        const string name = "\r\nContent-Length: ";
        var at = head.IndexOf(name, StringComparison.OrdinalIgnoreCase) + name.Length;
        return at < name.Length
            ? 0
            : int.Parse(head.AsSpan(at, head.IndexOf('\r', at) - at), CultureInfo.InvariantCulture);
    }

    private static string State(string id)
    {
        Interlocked.Increment(ref polls);
        var (end, now) = (EndOf(id), DateTimeOffset.UtcNow);
        var head = FormattableString.Invariant(
            $"\"id\":\"{id}\",\"object\":\"generation.task\",\"model\":\"gemini_omni_flash\",\"created_at\":{now.ToUnixTimeSeconds()}");
        return now < end
            ? FormattableString.Invariant($"{{{head},\"status\":\"in_progress\",\"progress\":30}}")
            : FormattableString.Invariant(
            $"{{{head},\"status\":\"completed\",\"progress\":100,\"completed_at\":{end.ToUnixTimeSeconds()},\"result\":{{\"type\":\"video\",\"data\":[{{\"url\":\"{address}/files/{id[(id.LastIndexOf('_') + 1)..]}.mp4\",\"format\":\"mp4\"}}]}}}}");
    }

    private static string PlanCuts(int seed)
    {
        var random = new Random(seed);
        cuts.Clear();
        foreach (var at in Enumerable.Range(0, Cuts).Select(_ => random.Next(1, FileBytes)).Order())
            cuts.Enqueue(at);
        return "null";
    }

    private static bool SendFile(Socket socket, string path, string request)
    {
        var range = request.IndexOf("bytes=", StringComparison.OrdinalIgnoreCase);
        var from = range < 0 ? 0 : int.Parse(request.AsSpan(range + 6, request.IndexOf('-', range) - range - 6),
            CultureInfo.InvariantCulture);
        var (length, to) = path == "/files/small.mp4" ? (SmallBytes, SmallBytes) : (FileBytes, FileBytes);
        if (path == "/files/cut.mp4")
        {
            // What lies unsent in this end's kernel when the transfer breaks is counted, though it never went over.
            socket.SendBufferSize = 64 * 1024;
            to = cuts.TryDequeue(out var cut) ? Math.Max(cut, from) : to;
        }
        var status = range < 0 ? "200 OK" : FormattableString.Invariant(
            $"206 Partial Content\r\nContent-Range: bytes {from}-{length - 1}/{length}");
        socket.Send(Encoding.ASCII.GetBytes(
            $"HTTP/1.1 {status}\r\nContent-Type: video/mp4\r\nETag: \"512\"\r\nAccept-Ranges: "
            + $"bytes\r\nContent-Length: {length - from}\r\n\r\n"));
        for (var at = from; at < to;)
        {
            var slice = File.Value.Send(socket, at, Math.Min(SliceBytes, to - at));
            at += slice;
            Interlocked.Add(ref sent, slice);
        }
        // Every second time not an end but a reset, which also takes what lies unread in the receiver's kernel.
        if (to < length && cuts.Count % 2 == 0)
            socket.LingerState = new(true, 0);
        return to == length;
    }
}
