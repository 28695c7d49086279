using System.Diagnostics;
using System.Globalization;
using OmniTools.Benchmarks.Lean;
using OmniTools.VideoTasks;
using OmniTools.Waiting;

namespace OmniTools.Benchmarks.Waiting;

/// <summary>
/// What ten thousand waiting tasks cost, how much of the allowed rate is used, and how late an end is heard of. Real
/// time throughout.
/// </summary>
internal static class WaitingFigures
{
    private const int Many = 10_000;
    private const int Few = 15;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LatenessWindow = TimeSpan.FromSeconds(55);

    public static async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        using var server = Child.Self("serve");
        var address = await server.ReadLineAsync();
        return [.. await SaturatedAsync(address), .. await LatenessAsync(address)];
    }

    private static async Task<IReadOnlyList<Figure>> SaturatedAsync(string address)
    {
        using var http = new HttpClient();
        await using var desk = new LeanClient(address);
        var (created, end) = (DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
        await Task.WhenAll(Enumerable.Range(0, Many).Select(i => desk.AcceptAsync(LeanServer.IdOf(end, i), created)));
        await using (var warm = desk.Client.StartWaiting())
            warm.Add(desk.Client.ListTasks().First());

        var before = GC.GetTotalMemory(forceFullCollection: true);
        await using var wait = desk.Client.StartWaiting();
        var began = Stopwatch.GetTimestamp();
        // The tasks themselves are counted too: nobody else holds them.
        foreach (var task in desk.Client.ListTasks())
            wait.Add(task);
        while (wait.IsLookingUp)
            await Task.Yield();
        var adding = Stopwatch.GetElapsedTime(began);
        var memory = GC.GetTotalMemory(forceFullCollection: true) - before;

        await Task.Delay(WarmUp);
        using var self = Process.GetCurrentProcess();
        var (polls, processor) = (await CountAsync(http, address), self.TotalProcessorTime);
        began = Stopwatch.GetTimestamp();
        await Task.Delay(Window);
        var elapsed = Stopwatch.GetElapsedTime(began);
        self.Refresh();
        processor = self.TotalProcessorTime - processor;
        polls = await CountAsync(http, address) - polls;
        return
        [
            new("managed memory of a waiting task", "", (double)memory / Many, "bytes", Most: 2048,
                Note: $"{Many} tasks, GC.GetTotalMemory after a full collection"),
            new($"time to add {Many} tasks to a wait", "", adding.TotalSeconds, "s", Most: 1,
                Note: "listed, looked up in the ledger and followed"),
            new("polls sent while saturated", "what the rate allows",
                polls / (elapsed.TotalSeconds * WaitingConstants.MaximumPerSecond), "", Least: 0.95,
                Note: Invariant($"{polls} in {elapsed.TotalSeconds:0.0} s, {Many} tasks due")),
            new("no more polls than the rate allows", "what the rate allows",
                polls / (elapsed.TotalSeconds * WaitingConstants.MaximumPerSecond), "", Most: 1.005),
            new("processor time while 10,000 wait", "", 100 * processor / elapsed, "% of one", Most: 5,
                Note: "this process; the server is another"),
        ];
    }

    private static async Task<IReadOnlyList<Figure>> LatenessAsync(string address)
    {
        await using var desk = new LeanClient(address);
        await using var wait = desk.Client.StartWaiting();
        var random = new Random(15);
        var number = 0;
        for (; number < Few; number++)
            wait.Add(await NextAsync());
        var (late, ideal) = (new List<double>(), new List<double>());
        using var stop = new CancellationTokenSource(LatenessWindow);
        try
        {
            await foreach (var change in wait.ReadAllAsync(stop.Token))
            {
                if (!change.IsLast)
                    continue;
                var end = LeanServer.EndOf(change.Task.Id!);
                late.Add((DateTimeOffset.UtcNow - end).TotalSeconds);
                ideal.Add(PollIntervalPolicy.GetInterval(change.Task, end - change.Task.CreatedAt, null, 0,
                    0.5).TotalSeconds);
                number++;
                wait.Add(await NextAsync());
            }
        }
        catch (OperationCanceledException)
        {
            // The window is over.
        }
        return
        [
            new("from end to report, mean", "the interval at the end, mean", late.Average() / ideal.Average(), "",
                Most: 0.6, Note: Invariant(
                $"{late.Average():0.00} s to {ideal.Average():0.00} s; mean of {late.Count} ends, {Few} tasks at a time; ")
                + "half is what a perfect clock gives"),
        ];

        Task<VideoTask> NextAsync()
        {
            var now = DateTimeOffset.UtcNow;
            return desk.AcceptAsync(LeanServer.IdOf(now.AddSeconds(6 + (14 * random.NextDouble())), number), now);
        }
    }

    private static async Task<long> CountAsync(HttpClient http, string address) =>
        long.Parse(await http.GetStringAsync(new Uri(address + "/count")), CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
