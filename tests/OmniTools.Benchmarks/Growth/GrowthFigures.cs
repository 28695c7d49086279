using System.Globalization;
using System.Text;
using OmniTools.Benchmarks.Records;

namespace OmniTools.Benchmarks.Growth;

/// <summary>What each verb costs as the ledger grows. Writes the table and the plot that stand in <c>docs/</c>.</summary>
internal static class GrowthFigures
{
    private const int Rounds = 7;
    private const int Waited = 10;
    private static readonly int[] Sizes = [100, 10_000, 1_000_000];
    private static readonly string[] Verbs = ["list", "get", "wait", "submit", "submit with a key"];

    /// <summary>Medians: milliseconds and megabytes of a verb at a size.</summary>
    internal sealed record Cost(string Verb, int Records, double Milliseconds, double Megabytes);

    public static async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        using var server = Child.Self("serve");
        var address = await server.SaysAsync();
        var costs = new List<Cost>();
        foreach (var size in Sizes)
            costs.AddRange(await CostsAsync(address, size));
        var docs = Directory.CreateDirectory(Path.Combine(Machine.Root, "docs")).FullName;
        await File.WriteAllTextAsync(Path.Combine(docs, "growth.svg"), Plot.Draw(costs));
        await File.WriteAllTextAsync(Path.Combine(docs, "growth.md"), Page(costs));
        return [.. Verbs.Select(verb => Ratio(costs, verb))];
    }

    private static async Task<IEnumerable<Cost>> CostsAsync(string address, int size)
    {
        using var ledger = new FilledLedger(size);
        await ledger.FillAsync();
        var ids = Enumerable.Range(0, Waited).Select(number => FilledLedger.IdOf(number * (ledger.Tasks - 1) / (Waited - 1))).ToArray();
        var key = 0;
        var measured = await Contest.RunAsync(Rounds, Verbs.Select<string, Func<Task<(double, double)>>>(verb => () => StepAsync(verb)).ToArray());
        return Verbs.Select((verb, i) => new Cost(verb, size, Figure.Median(measured[i].Select(each => each.Item1)), Figure.Median(measured[i].Select(each => each.Item2))));

        async Task<(double, double)> StepAsync(string verb)
        {
            var words = verb switch { "wait" => string.Join(',', ids), "get" => ids[0], _ => $"my-key-{key++}" };
            var parts = (await Child.RunSelfAsync("step", verb, ledger.Home, address, words)).Output.Split(' ');
            return (double.Parse(parts[0], CultureInfo.InvariantCulture), double.Parse(parts[1], CultureInfo.InvariantCulture) / 1024);
        }
    }

    private static Figure Ratio(IReadOnlyList<Cost> costs, string verb)
    {
        var (least, most) = (costs.First(cost => cost.Verb == verb), costs.Last(cost => cost.Verb == verb));
        return new($"`{verb}` beside 1,000,000 ledger records", "beside 100", most.Milliseconds / least.Milliseconds,
            Note: string.Create(CultureInfo.InvariantCulture, $"{most.Milliseconds:0} ms to {least.Milliseconds:0} ms, {most.Megabytes:0} MB to {least.Megabytes:0} MB; the input is 10,000 times as large"));
    }

    private static string Page(IReadOnlyList<Cost> costs)
    {
        var text = new StringBuilder("# How cost grows with the ledger\n\n");
        text.Append(CultureInfo.InvariantCulture, $"Each verb once in a fresh process, from the client being made to its end, the page cache warm; medians of {Rounds}. ");
        text.Append(CultureInfo.InvariantCulture, $"Measured {DateTime.UtcNow:yyyy-MM-dd} on {Machine.Description} by `dotnet run -c Release --project tests/OmniTools.Benchmarks -- growth`.\n\n");
        text.Append("![Milliseconds against records, both axes logarithmic](growth.svg)\n\n| verb |");
        foreach (var size in Sizes)
            text.Append(CultureInfo.InvariantCulture, $" {size:N0} records |");
        text.Append("\n|---|").Insert(text.Length, "---|", Sizes.Length).Append('\n');
        foreach (var verb in Verbs)
        {
            text.Append(CultureInfo.InvariantCulture, $"| `{verb}` |");
            foreach (var cost in costs.Where(cost => cost.Verb == verb))
                text.Append(CultureInfo.InvariantCulture, $" {cost.Milliseconds:0} ms, {cost.Megabytes:0} MB |");
            text.Append('\n');
        }
        text.Append(CultureInfo.InvariantCulture, $"""

            `list` takes the newest 20, `get` asks for the oldest task, `wait` waits for {Waited} tasks that have ended, spread evenly over the ledger,
            `submit` sends one request to a server on loopback, once more with a request key given by the caller.

            What `list` and `submit` read does not depend on the ledger's length: the end of the file, and the checkpoint beside it.
            `get`, `wait` and a request key given by the caller search for an id or a key that may be anywhere: at worst the whole file is
            read once, backwards, and only the lines with the id in them are parsed. That grows as fast as the file, not faster, and not at
            all for recent tasks.

            """);
        return text.ToString();
    }
}
