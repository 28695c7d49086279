using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using OmniTools.Benchmarks.Server;
using OmniTools.Requests;

namespace OmniTools.Benchmarks.Submitting;

/// <summary>Two hundred submissions, eight at a time, beside a bare HttpClient that posts the same.</summary>
internal static class SubmittingFigures
{
    private const int Rounds = 15;
    private const int Submissions = 200;
    private const int AtATime = 8;

    public static async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        using var server = Child.Self("serve");
        var address = await server.ReadLineAsync();
        using var http = new HttpClient();
        await http.GetStringAsync(new Uri(address + "/delay/50"));
        var times = await Comparison.RunAsync(Rounds, () => OursAsync(address), () => BareAsync(address));
        var note = $"medians of {Rounds}, a new client and ledger each";
        return
        [
            Figure.Ratio("200 submissions, 8 at a time, answered after 50 ms, ledger included",
                "bare HttpClient, same POSTs",
                times[0], times[1], "ms", 1.1, note),
        ];
    }

    private static async Task<double> OursAsync(string address)
    {
        await using var client = new BenchmarkClient(address);
        var began = Stopwatch.GetTimestamp();
        await ManyAsync(number => client.Client.SubmitAsync(Request(number)));
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private static async Task<double> BareAsync(string address)
    {
        await using var client = new BenchmarkClient(address);
        var bodies = new byte[Submissions][];
        for (var number = 0; number < Submissions; number++)
            bodies[number] = Encoding.UTF8.GetBytes((await client.Client.PlanSubmissionAsync(Request(number))).Body);
        using var http = new HttpClient { BaseAddress = new Uri(address) };
        var began = Stopwatch.GetTimestamp();
        await ManyAsync(async number =>
        {
            using var post = new HttpRequestMessage(HttpMethod.Post, "/v1/videos/generations")
            {
                Content = new ByteArrayContent(bodies[number]) { Headers = { ContentType = new("application/json") } },
            };
            post.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "sk-benchmark");
            post.Headers.Add("Idempotency-Key", $"omni_{number:x32}");
            using var answer = await http.SendAsync(post);
            await answer.Content.ReadAsByteArrayAsync();
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
