using OmniTools.Benchmarks.Ledger;

namespace OmniTools.Benchmarks.Serving;

/// <summary>
/// The MCP server as published, beside a minimal server of the same SDK published the same way and a hello-world one of
/// the TypeScript SDK.
/// </summary>
internal static class ServingFigures
{
    private const int Starts = 21;
    private const int Calls = 1000;
    private const int LedgerTasks = 25_000;
    private const string Minimal = "a minimal ModelContextProtocol.Core server";

    private sealed record Start(double Initialized, double Called, double Resident);

    public static async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        var ours = await Published.ServerAsync(Path.Combine("src", "OmniTools.Mcp"));
        var minimal = await Published.ServerAsync(Path.Combine("tests", "OmniTools.Benchmarks.Minimal"));
        using var home = new FilledLedger(LedgerTasks);
        await home.FillAsync();
        // No key: nothing on the network is asked for a balance.
        var environment = new Dictionary<string, string?>
        {
            ["OMNI_HOME"] = home.Home,
            ["OMNI_OUTPUT_ROOT"] = home.Home,
            ["TOAPIS_API_KEY"] = null,
            ["APIMART_API_KEY"] = null,
            ["OMNI_SANDBOX"] = null,
            ["NODE_EXTRA_CA_CERTS"] = null,
        };
        var echo = new Competitor(Minimal, minimal, [], environment, "echo", """{"text":"hello"}""");
        var lister = new Competitor("omnitools-mcp", ours, [], environment, "list_video_tasks", """{"limit":20}""");
        return
        [
            .. await StartsAsync(
                new("omnitools-mcp", ours, [], environment, "get_provider_status", "{}"), lister, echo),
            .. await WarmAsync(lister, echo),
        ];
    }

    private static async Task<IReadOnlyList<Figure>> StartsAsync(Competitor ours, Competitor lister,
        Competitor minimal)
    {
        const string what = "server start: spawn to `initialize` answer";
        const string firstList = "spawn to the first `list_video_tasks` answered";
        const string typeScript = "hello world, TypeScript SDK 1.32.2, Node 22";
        var (node, script, why) = await Published.HelloAsync();
        var hello = node is null ? null : minimal with { Name = typeScript, Program = node, Arguments = [script] };
        var starts = await Comparison.RunAsync(Starts, () => StartAsync(ours), () => StartAsync(minimal),
            () => hello is null ? Task.FromResult(new Start(0, 0, 0)) : StartAsync(hello), () => StartAsync(lister));
        IEnumerable<double> Of(int who, Func<Start, double> value) => starts[who].Select(value);
        var note = $"medians of {Starts} starts, self-contained, compiled ahead of time as one composite";
        return
        [
            hello is null
                ? Figure.Skipped(what, typeScript, why)
                : Figure.Ratio(what, typeScript, Of(0, start => start.Initialized), Of(2, start => start.Initialized),
                "ms", 0.65, note),
            Figure.Ratio(what, Minimal, Of(0, start => start.Initialized), Of(1, start => start.Initialized), "ms",
                1.10, note),
            Figure.Ratio("spawn to the first `get_provider_status` answered", "its first tool answer",
                Of(0, start => start.Called), Of(1, start => start.Called), "ms", 1.15, "the same starts"),
            hello is null
                ? Figure.Skipped(firstList, typeScript, why)
                : Figure.Ratio(firstList, $"first tool answer of {typeScript}", Of(3, start => start.Called),
                Of(2, start => start.Called), "ms", 1.2, "the same starts"),
            Figure.Ratio(firstList, "first tool answer of " + Minimal, Of(3, start => start.Called),
                Of(1, start => start.Called), "ms", 1.2, "the same starts") with { Most = null },
            Figure.Ratio("resident memory after ten calls", Minimal, Of(0, start => start.Resident),
                Of(1, start => start.Resident), "MB", 1.15, "the same processes"),
        ];
    }

    private static async Task<Start> StartAsync(Competitor contender)
    {
        using var server = await McpProcess.StartAsync(contender);
        await server.CallAsync();
        var called = server.Age;
        for (var call = 1; call < 10; call++)
            await server.CallAsync();
        return new(server.Started, called, server.ResidentMegabytes);
    }

    private static async Task<IReadOnlyList<Figure>> WarmAsync(Competitor ours, Competitor minimal)
    {
        const string what = "warm `list_video_tasks`, 20 rows of 100,000 records";
        using var lister = await McpProcess.StartAsync(ours);
        using var echoer = await McpProcess.StartAsync(minimal);
        for (var call = 0; call < Calls / 2; call++)
            _ = (await lister.CallAsync(), await echoer.CallAsync());
        var calls = await Comparison.RunAsync(Calls, lister.CallAsync, echoer.CallAsync);
        return
        [
            Figure.Ratio(what + ", p50", "the minimal server's echo tool", calls[0], calls[1], "ms", 2,
                $"{Calls} calls each, by turns"),
            Figure.Ratio(what + ", p99", "the minimal server's echo tool", Figure.Quantile(calls[0], 0.99),
                Figure.Quantile(calls[1], 0.99), "ms", 3, "the same calls"),
        ];
    }
}
