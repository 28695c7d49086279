using System.Diagnostics;
using System.Globalization;
using OmniTools.Ledger;

namespace OmniTools.Benchmarks.Records;

/// <summary>In a process of its own: one id looked up in a ledger, or its file read once from start to end. Says the milliseconds.</summary>
internal static class Lookup
{
    private const int BlockSize = 256 * 1024;

    public static int Find(string home, string id)
    {
        var began = Stopwatch.GetTimestamp();
        var entry = new TaskLedger(home, isSandbox: false, TimeProvider.System).Find(id, provider: null);
        Say(began);
        return entry?.Task.Id == id ? 0 : 1;
    }

    public static int Read(string file)
    {
        var began = Stopwatch.GetTimestamp();
        var buffer = new byte[BlockSize];
        long total = 0;
        using (var handle = File.OpenHandle(file))
        {
            for (int read; (read = RandomAccess.Read(handle, buffer, total)) > 0;)
                total += read;
        }
        Say(began);
        return total > 0 ? 0 : 1;
    }

    private static void Say(long began) => Console.WriteLine(Stopwatch.GetElapsedTime(began).TotalMilliseconds.ToString(CultureInfo.InvariantCulture));
}
