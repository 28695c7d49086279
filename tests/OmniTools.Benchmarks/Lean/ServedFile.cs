using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OmniTools.Benchmarks.Lean;

/// <summary>
/// The file that is served: random behind the first box of an MP4, in memory; on Linux sent from there without a copy.
/// </summary>
internal sealed class ServedFile
{
    private readonly byte[]? content;
    private readonly SafeFileHandle? shared;

    public ServedFile(int length)
    {
        var made = GC.AllocateUninitializedArray<byte>(length);
        new Random(512).NextBytes(made);
        byte[] head = [0, 0, 0, 16, .. "ftypisom"u8, 0, 0, 0, 0, 0, 0, 0, 0, .. "mdat"u8];
        head.CopyTo(made, 0);
        if (!OperatingSystem.IsLinux() || !Directory.Exists("/dev/shm"))
        {
            content = made;
            return;
        }
        var path = $"/dev/shm/omnitools-served-{Environment.ProcessId}";
        shared = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite);
        // Without a name it goes away with the process, however that ends.
        File.Delete(path);
        RandomAccess.Write(shared, made, 0);
    }

    /// <summary>Sends a part, and gives how much of it went.</summary>
    public int Send(Socket socket, int from, int length)
    {
        if (shared is null)
            return socket.Send(content.AsSpan(from, length));
        long offset = from;
        var sent = (int)SendFile((int)socket.Handle, (int)shared.DangerousGetHandle(), ref offset, length);
        return sent > 0 ? sent : throw new SocketException((int)SocketError.ConnectionReset);
    }

    [DllImport("libc", EntryPoint = "sendfile64", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint SendFile(int socket, int file, ref long offset, nint count);
}
