using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using Microsoft.Win32.SafeHandles;
using OmniTools.Ledger;

namespace OmniTools.Benchmarks.Records;

/// <summary>One record appended to a ledger, and as many bytes appended and synced with nothing around them.</summary>
public class AppendBenchmark
{
    private readonly string home = Directory.CreateTempSubdirectory("omnitools-append-").FullName;
    private LedgerRecord record = null!;
    private TaskLedger ledger = null!;
    private SafeFileHandle file = null!;
    private byte[] line = [];
    private long end;

    [GlobalSetup]
    public void SetUp()
    {
        record = new()
        {
            At = DateTimeOffset.UtcNow,
            Event = LedgerEvent.State,
            Key = "omni_019a3f5be2c000000000000000000042",
            Id = FilledLedger.IdOf(42),
            Provider = "toapis",
            Model = "gemini_omni_flash",
            Status = "in_progress",
            RawStatus = "in_progress",
            Progress = 30,
            CreatedAt = DateTimeOffset.UtcNow,
        };
        line = RecordWriter.Line(record).ToArray();
        ledger = new(home, isSandbox: false, TimeProvider.System);
        Ledger();
        file = File.OpenHandle(Path.Combine(home, "raw"), FileMode.Create, FileAccess.Write);
    }

    [Benchmark(Baseline = true)]
    public void Raw()
    {
        RandomAccess.Write(file, line, end);
        end += line.Length;
        if (OperatingSystem.IsLinux())
            _ = SyncData((int)file.DangerousGetHandle());
        else
            RandomAccess.FlushToDisk(file);
    }

    [Benchmark]
    public void Ledger() => ledger.AppendAsync(record).GetAwaiter().GetResult();

    [GlobalCleanup]
    public void CleanUp()
    {
        file.Dispose();
        Directory.Delete(home, recursive: true);
    }

    [DllImport("libc", EntryPoint = "fdatasync")]
    private static extern int SyncData(int file);
}
