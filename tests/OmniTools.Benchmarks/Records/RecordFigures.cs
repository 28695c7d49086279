using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace OmniTools.Benchmarks.Records;

/// <summary>What the ledger costs: an append beside a bare synced write, one id among a million records beside reading the file.</summary>
internal static class RecordFigures
{
    private const int Rounds = 5;
    private const int Appends = 150;
    private const int Lookups = 11;
    private const int Records = 1_000_000;

    public static async Task<IReadOnlyList<Figure>> MeasureAsync() => [Append(), .. await LookUpAsync()];

    private static Figure Append()
    {
        var config = ManualConfig.CreateEmpty()
            .WithArtifactsPath(Path.Combine(Machine.Artifacts, "append"))
            .WithOptions(ConfigOptions.DisableLogFile)
            .AddLogger(NullLogger.Instance)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithStrategy(RunStrategy.Monitoring).WithWarmupCount(30).WithIterationCount(Appends).WithInvocationCount(1).WithUnrollFactor(1).WithGcForce(false));
        var (ours, raw) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var report in BenchmarkRunner.Run<AppendBenchmark>(config).Reports)
            {
                var median = report.ResultStatistics?.Median / 1000 ?? throw new InvalidOperationException("the append benchmark gave no result");
                (report.BenchmarkCase.Descriptor.Baseline ? raw : ours).Add(median);
            }
        }
        return Figure.Ratio("ledger append, p50", "raw append and fdatasync of as many bytes", ours, raw, "µs", 1.3, $"{Rounds} rounds of {Appends} each, into {Path.GetTempPath()}");
    }

    private static async Task<IReadOnlyList<Figure>> LookUpAsync()
    {
        using var ledger = new FilledLedger(Records);
        await ledger.FillAsync();
        var times = await Contest.RunAsync(Lookups,
            () => TimeAsync("read", ledger.Segment),
            () => TimeAsync("find", ledger.Home, FilledLedger.IdOf(0)),
            () => TimeAsync("find", ledger.Home, FilledLedger.IdOf(ledger.Tasks / 2)));
        var note = $"{new FileInfo(ledger.Segment).Length >> 20} MB, fresh processes, cache warm, medians of {Lookups}";
        const string against = "reading the same file once from start to end";
        return
        [
            Figure.Ratio("one id among 1,000,000 ledger records, the oldest", against, times[1], times[0], "ms", 1, note),
            Figure.Ratio("the same, in the middle", against, times[2], times[0], "ms", 1, note),
        ];
    }

    private static async Task<double> TimeAsync(params string[] words) => double.Parse((await Child.RunSelfAsync(words)).Output, CultureInfo.InvariantCulture);
}
