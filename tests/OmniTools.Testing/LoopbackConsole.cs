using System.Globalization;
using System.Text.Json.Nodes;

namespace OmniTools.Testing;

/// <summary>
/// A loopback provider for tests in another process: writes its address and key in one line of JSON, then one answer
/// for each line of stdin. It ends at the end of stdin. A command that waits answers when its event has happened.
/// </summary>
internal static class LoopbackConsole
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public static async Task<int> ServeAsync(Contract contract)
    {
        await using var server = await LoopbackProvider.StartAsync(contract);
        Say(new()
        {
            ["provider"] = server.ProviderId,
            ["base_address"] = server.BaseAddress,
            ["api_key"] =
            server.ApiKey
        });
        while (await Console.In.ReadLineAsync() is { } line)
            Say(await AnswerAsync(server, line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        return 0;
    }

    private static void Say(JsonObject line)
    {
        Console.Out.WriteLine(line.ToJsonString());
        Console.Out.Flush();
    }

    private static async Task<JsonObject> AnswerAsync(LoopbackProvider server, string[] command)
    {
        try
        {
            return await DoAsync(server, command) ?? Counts(server);
        }
        catch (Exception failure)
            when (failure is ArgumentException or FormatException or InvalidOperationException or TimeoutException)
        {
            return new() { ["error"] = failure.Message };
        }
    }

    // Null: done, and the counts are the answer.
    private static async Task<JsonObject?> DoAsync(LoopbackProvider server, string[] command)
    {
        switch (command)
        {
            case ["creates"]:
                return new() { ["creates"] = server.Creates };
            case ["inflight"]:
                return new() { ["in_flight"] = server.InFlight };
            case ["requests", var kind]:
                return new() { ["requests"] = server.Requests.Count(request => request.Kind == Kind(kind)) };
            case ["when", var kind, var count]:
                await server.WhenRequestAsync(request => request.Kind == Kind(kind), Number(count));
                return null;
            case ["idle"]:
                await server.WhenIdleAsync().WaitAsync(Limit);
                return null;
            case ["hang", var kind, .. var times]:
                Next(server, kind, Fault.HangAfterAccepting, times);
                return null;
            case ["reset", var kind, .. var times]:
                Next(server, kind, Fault.ResetAfterAccepting, times);
                return null;
            case ["drip", "file", var bytes]:
                Next(server, "file", Fault.SlowDrip(Number(bytes)), []);
                return null;
            case ["html", "file"]:
                Next(server, "file", Fault.HtmlInsteadOfMp4, []);
                return null;
            case ["status", var kind, var code, .. var times]:
                Next(server, kind, Fault.Status(Number(code),
                    $$$"""{"error":{"code":{{{Number(code)}}},"message":"as the test asked","type":"test_error"}}"""),
                    times);
                return null;
            case ["throttle", var kind, var seconds, var times]:
                server.Next(Kind(kind),
                    [.. Enumerable.Repeat(Fault.Status(429, "", ("Retry-After", seconds)), Number(times))]);
                return null;
            case ["trouble", var kind, var creates, var seconds, var status]:
                server.Add(new(kind == "all" ? null : Kind(kind), server.Creates + Number(creates),
                    TimeSpan.FromSeconds(Number(seconds)), status == "reset" ? null : Number(status)));
                return null;
            case ["forget"]:
                server.Forget();
                return null;
            case ["release"]:
                server.Release();
                return null;
            case ["polls", var polls]:
                server.PollsUntilDone = polls == "never" ? null : Number(polls);
                return null;
            default:
                throw new ArgumentException($"No such command: {string.Join(' ', command)}");
        }
    }

    private static JsonObject Counts(LoopbackProvider server) =>
        new() { ["creates"] = server.Creates, ["in_flight"] = server.InFlight };

    private static void Next(LoopbackProvider server, string kind, Fault fault, string[] times) =>
        server.Next(Kind(kind), [.. Enumerable.Repeat(fault, times is [var count] ? Number(count) : 1)]);

    private static RequestKind Kind(string word) => Enum.Parse<RequestKind>(word, ignoreCase: true);

    private static int Number(string word) => int.Parse(word, NumberStyles.None, CultureInfo.InvariantCulture);
}
