using System.Diagnostics;
using System.Globalization;

namespace OmniTools.Benchmarks.Serving;

/// <summary>A server as a client sees it: a process, lines in, lines out.</summary>
internal sealed class McpProcess : IDisposable
{
    private const string Initialize =
        """{"jsonrpc":"2.0","id":0,"method":"initialize","params":"""
        + """{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":"""
        + """{"name":"benchmark","version":"1"}}}""";

    private readonly Process process;
    private readonly Competitor contender;
    private readonly long began;
    private int id;

    private McpProcess(Competitor contender)
    {
        this.contender = contender;
        var start = new ProcessStartInfo(contender.Program, contender.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in contender.Environment)
            start.Environment[name] = value;
        began = Stopwatch.GetTimestamp();
        process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
    }

    /// <summary>Milliseconds since just before the process was made.</summary>
    public double Age => Stopwatch.GetElapsedTime(began).TotalMilliseconds;

    /// <summary>Milliseconds from spawn to the answer of <c>initialize</c>.</summary>
    public double Started { get; private set; }

    public double ResidentMegabytes
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64 / 1048576.0;
        }
    }

    public static async Task<McpProcess> StartAsync(Competitor contender)
    {
        var server = new McpProcess(contender);
        await server.AskAsync(Initialize, 0);
        server.Started = server.Age;
        await server.process.StandardInput.WriteAsync(
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n");
        return server;
    }

    /// <summary>Calls the contender's tool and gives the milliseconds it took.</summary>
    public async Task<double> CallAsync()
    {
        var number = ++id;
        var line = string.Create(CultureInfo.InvariantCulture,
            $$$"""{"jsonrpc":"2.0","id":{{{number}}},"method":"tools/call","params":"""
            + $$$"""{"name":"{{{contender.Tool}}}","arguments":{{{contender.ToolArguments}}}}}""");
        var asked = Stopwatch.GetTimestamp();
        await AskAsync(line, number);
        return Stopwatch.GetElapsedTime(asked).TotalMilliseconds;
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        if (!process.WaitForExit(5000))
            process.Kill();
        process.Dispose();
    }

    private async Task AskAsync(string line, int number)
    {
        await process.StandardInput.WriteAsync(line + "\n");
        await process.StandardInput.FlushAsync();
        while (true)
        {
            var answer = await process.StandardOutput.ReadLineAsync()
                ?? throw new InvalidOperationException($"{contender.Name} ended without an answer");
            if (!answer.Contains($"\"id\":{number},", StringComparison.Ordinal)
                && !answer.EndsWith($"\"id\":{number}}}", StringComparison.Ordinal))
                continue;
            if (answer.Contains("\"error\":{", StringComparison.Ordinal)
                || answer.Contains("\"isError\":true", StringComparison.Ordinal))
                throw new InvalidOperationException($"{contender.Name} answered {answer}");
            return;
        }
    }
}
