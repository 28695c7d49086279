using OmniTools.Benchmarks.Ledger;
using OmniTools.Benchmarks.Module;
using OmniTools.Benchmarks.Saving;
using OmniTools.Benchmarks.Server;
using OmniTools.Benchmarks.Serving;
using OmniTools.Benchmarks.Submitting;
using OmniTools.Benchmarks.Waiting;

namespace OmniTools.Benchmarks;

/// <summary>
/// Without words: everything, one table. Else the named parts; the other words are the processes these start.
/// </summary>
internal static class Program
{
    private static readonly (string Name, Func<Task<IReadOnlyList<Figure>>> Measure)[] Parts =
    [
        ("serving", ServingFigures.MeasureAsync),
        ("submitting", SubmittingFigures.MeasureAsync),
        ("ledger", LedgerFigures.MeasureAsync),
        ("module", ModuleFigures.MeasureAsync),
        ("saving", SavingFigures.MeasureAsync),
        ("waiting", WaitingFigures.MeasureAsync),
    ];

    /// <summary>
    /// Says that this is the program as published, in which everything is measured: compiled ahead of time, as what is
    /// shipped.
    /// </summary>
    private const string Here = "--published";

    private static async Task<int> Main(string[] args)
    {
        switch (args)
        {
            case ["serve"]:
                await BenchmarkServer.RunAsync();
                return 0;
            case ["fetch", var way, var address, var folder]:
                return await Fetch.RunAsync(way, address, folder);
            case ["first-use", var what]:
                return await LedgerFigures.FirstUseAsync(what);
        }
        var isPublished = args is [Here, ..];
        args = isPublished ? args[1..] : args;
        if (args.Except(Parts.Select(part => part.Name)).Any())
        {
            await Console.Error.WriteLineAsync(
                $"[{string.Join("] [", Parts.Select(part => part.Name))}]: prints one table and writes it as JSON "
                + $"below artifacts/benchmarks; without a word all of it");
            return 2;
        }
        if (!isPublished)
            return await Published.RunSelfAsync([Here, .. args]);
        var figures = new List<Figure>();
        foreach (var (name, measure) in Parts.Where(part => args.Length == 0 || args.Contains(part.Name)))
        {
            await Console.Error.WriteLineAsync($"{DateTimeOffset.UtcNow:HH:mm:ss} {name} …");
            figures.AddRange(await measure());
        }
        return Report.Publish(args.Length == 0 ? "figures" : string.Join('-', args), figures);
    }
}
