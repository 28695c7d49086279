using System.Diagnostics;
using OmniTools.Benchmarks.Lean;
using OmniTools.Benchmarks.Saving;
using OmniTools.Requests;

namespace OmniTools.Benchmarks.Growth;

/// <summary>One verb in a process of its own, on a ledger that is there: says milliseconds and peak memory in KB.</summary>
internal static class GrowthStep
{
    private const int Rows = 20;

    public static async Task<int> RunAsync(string verb, string home, string address, IReadOnlyList<string> ids)
    {
        var began = Stopwatch.GetTimestamp();
        await using var desk = new Desk(address, home);
        var done = verb switch
        {
            "list" => desk.Client.List().Take(Rows).Count(),
            "get" => (await desk.Client.GetAsync(ids[0])).Id is null ? 0 : 1,
            "wait" => await WaitAsync(desk.Client, ids),
            "submit" => (await desk.Client.SubmitAsync(new VideoRequest { Prompt = "A lighthouse in a storm" })).Id is null ? 0 : 1,
            "submit with a key" => (await desk.Client.SubmitAsync(new VideoRequest { Prompt = "A lighthouse in a storm", RequestKey = ids[0] })).Id is null ? 0 : 1,
            _ => 0,
        };
        Console.WriteLine(FormattableString.Invariant($"{Stopwatch.GetElapsedTime(began).TotalMilliseconds} {Fetch.Peak()}"));
        return done > 0 ? 0 : 1;
    }

    private static async Task<int> WaitAsync(OmniClient client, IReadOnlyList<string> ids)
    {
        var ended = 0;
        await using var wait = client.StartWait();
        foreach (var id in ids)
            wait.Add(client.Find(id)!);
        wait.CompleteAdding();
        await foreach (var change in wait.ReadAllAsync())
            ended += change.IsLast ? 1 : 0;
        return ended == ids.Count ? ended : 0;
    }
}
