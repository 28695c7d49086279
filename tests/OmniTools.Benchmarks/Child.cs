using System.Diagnostics;

namespace OmniTools.Benchmarks;

/// <summary>
/// A process beside this one: the server, or what fetches from it. Its memory and processor time are its own.
/// </summary>
internal sealed class Child : IDisposable
{
    private readonly Process process;

    private Child(Process process) => this.process = process;

    /// <summary>This program again, with other words.</summary>
    public static Child Self(params string[] arguments) => Start(Environment.ProcessPath!, arguments);

    public static Child Start(string program, params string[] arguments) =>
        Start(program, new Dictionary<string, string?>(), arguments);

    public static Child Start(string program, IReadOnlyDictionary<string, string?> environment,
        params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new(Process.Start(start)!);
    }

    /// <summary>The next line it says.</summary>
    public async Task<string> ReadLineAsync() =>
        await process.StandardOutput.ReadLineAsync()
        ?? throw new InvalidOperationException(
        $"{process.StartInfo.ArgumentList.ElementAtOrDefault(1)} ended without an answer");

    /// <summary>Runs a program to its end and gives the seconds it took from start to exit.</summary>
    public static async Task<(double Seconds, string Output)> RunAsync(string program, params string[] arguments)
    {
        var began = Stopwatch.GetTimestamp();
        using var child = Start(program, arguments);
        var output = await child.process.StandardOutput.ReadToEndAsync();
        await child.process.WaitForExitAsync();
        if (child.process.ExitCode != 0)
            throw new InvalidOperationException($"{program} failed with {child.process.ExitCode}");
        return (Stopwatch.GetElapsedTime(began).TotalSeconds, output.Trim());
    }

    /// <summary>This program run to its end.</summary>
    public static Task<(double Seconds, string Output)> RunSelfAsync(params string[] arguments) =>
        RunAsync(Environment.ProcessPath!, arguments);

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill();
        process.Dispose();
    }
}
