using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using OmniTools.Benchmarks.Lean;
using OmniTools.Requests;

namespace OmniTools.Benchmarks.Submitting;

/// <summary>Two hundred submissions, eight at a time, beside a bare HttpClient that posts the same.</summary>
internal static class SubmittingFigures
{
    private const int Rounds = 15;
    private const int WarmUps = 15;
    private const int Submissions = 200;
    private const int AtATime = 8;
    private static readonly byte[] Line = [.. Enumerable.Repeat((byte)'x', 400), (byte)'\n'];

    public static async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        using var server = Child.Self("serve");
        var address = await server.ReadLineAsync();
        using var http = new HttpClient();
        var atOnce = await Comparison.RunAsync(Rounds, WarmUps, () => OursAsync(address),
            () => BareAsync(address, isSynced: true));
        await http.GetStringAsync(new Uri(address + "/delay/50"));
        var later =
            await Comparison.RunAsync(Rounds, () => OursAsync(address), () => BareAsync(address, isSynced: false));
        var note = $"medians of {Rounds}, a new client and ledger each";
        return
        [
            Figure.Ratio("200 submissions, 8 at a time, server answering at once, ledger on disk included",
                "bare HttpClient, same POSTs, two synced appends each (shared where they wait)", atOnce[0], atOnce[1],
                "ms", 1, note),
            Figure.Ratio("the same, server answering after 50 ms", "bare HttpClient, same POSTs", later[0], later[1],
                "ms", 1.1, note),
        ];
    }

    private static async Task<double> OursAsync(string address)
    {
        await using var desk = new LeanClient(address);
        var began = Stopwatch.GetTimestamp();
        await ManyAsync(number => desk.Client.SubmitAsync(Request(number)));
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private static async Task<double> BareAsync(string address, bool isSynced)
    {
        await using var desk = new LeanClient(address);
        var bodies = Enumerable.Range(0, Submissions)
            .Select(number => Encoding.UTF8.GetBytes(desk.Client.PlanSubmission(Request(number)).Body)).ToArray();
        using var http = new HttpClient { BaseAddress = new Uri(address) };
        using var appender = new SyncedAppender(Path.Combine(desk.Home, "raw"));
        var began = Stopwatch.GetTimestamp();
        await ManyAsync(async number =>
        {
            if (isSynced)
                await appender.AppendAsync(Line);
            using var post = new HttpRequestMessage(HttpMethod.Post, "/v1/videos/generations")
            {
                Content = new ByteArrayContent(bodies[number]) { Headers = { ContentType = new("application/json") } },
            };
            post.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "sk-benchmark");
            post.Headers.Add("Idempotency-Key", $"omni_{number:x32}");
            using var answer = await http.SendAsync(post);
            await answer.Content.ReadAsByteArrayAsync();
            if (isSynced)
                await appender.AppendAsync(Line);
        });
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private static VideoRequest Request(int number) =>
        new() { Prompt = $"A lighthouse in a storm at dusk, seen from the sea, slow push in, number {number}" };

    private static async Task ManyAsync(Func<int, Task> submit)
    {
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, AtATime).Select(async _ =>
        {
            for (int number; (number = Interlocked.Increment(ref next)) < Submissions;)
                await submit(number);
        }));
    }
}
