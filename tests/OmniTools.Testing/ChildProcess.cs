using System.Diagnostics;

namespace OmniTools.Testing;

/// <summary>A submitting or saving process of <see cref="Program"/>, started, read and killed by a test.</summary>
public sealed class ChildProcess : IDisposable
{
    private readonly Process process;

    private ChildProcess(Process process) => this.process = process;

    /// <summary>Submits a request to a loopback provider. Further variables as <c>(name, value)</c>.</summary>
    public static ChildProcess Submit(LoopbackProvider server, string key, string prompt, string? stopAt = null,
        params (string Name, string Value)[] variables) =>
        Start(server, stopAt is null ? ["submit", key, prompt] : ["submit", key, prompt, stopAt], variables);

    /// <summary>A process that runs the commands of <see cref="CommandPlayer"/>.</summary>
    public static ChildProcess Play(LoopbackProvider server) => Start(server, ["play"], []);

    /// <summary>Sends a line to its input and returns the next line it says; null when it ended instead.</summary>
    public async Task<string?> RunAsync(string command)
    {
        try
        {
            await process.StandardInput.WriteLineAsync(command);
            await process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            return null;
        }
        return await ReadLineAsync();
    }

    /// <summary>Saves a completed task of a loopback provider as <c>clip.mp4</c> in a folder.</summary>
    public static ChildProcess Save(LoopbackProvider server, string id, string folder) =>
        Start(server, ["save", id, folder], []);

    /// <summary>Runs a list to its end. Further variables as <c>(name, value)</c>.</summary>
    public static ChildProcess Batch(LoopbackProvider server, string list,
        params (string Name, string Value)[] variables) => Start(server, ["batch", list], variables);

    /// <summary>A batch as a command of a shell.</summary>
    public static string BatchCommand(LoopbackProvider server, string list) => Command(server, "batch", list);

    /// <summary>Runs a command of <see cref="Program"/> that needs no provider.</summary>
    public static ChildProcess Run(params string[] arguments) => Start(null, arguments, []);

    /// <summary>A submission as a command of a shell.</summary>
    public static string SubmitCommand(LoopbackProvider server, string key, string prompt) =>
        Command(server, "submit", key, prompt);

    /// <summary>A save as a command of a shell.</summary>
    public static string SaveCommand(LoopbackProvider server, string id, string folder) =>
        Command(server, "save", id, folder);

    private static ChildProcess Start(LoopbackProvider? server, string[] arguments,
        (string Name, string Value)[] variables)
    {
        var (program, first) = TestProgram.Of(typeof(ChildProcess).Assembly.Location);
        var start = new ProcessStartInfo(program, [.. first, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("OMNI_", StringComparison.Ordinal))
            .ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in (server is null ? [] : Variables(server)).Concat(variables))
            start.Environment[name] = value;
        return new(Process.Start(start)!);
    }

    private static string Command(LoopbackProvider server, params string[] arguments) =>
        string.Join(' ', [
            "env", .. Variables(server).Select(variable => $"{variable.Name}='{variable.Value}'"),
            "dotnet", $"'{typeof(ChildProcess).Assembly.Location}'", .. arguments.Select(argument => $"'{argument}'")]);

    private static IEnumerable<(string Name, string Value)> Variables(LoopbackProvider server)
    {
        var prefix = server.ProviderId.ToUpperInvariant();
        return
        [
            ("OMNI_PROVIDER", server.ProviderId), ("OMNI_HOME", server.Folder["home"]),
            ($"{prefix}_API_KEY", server.ApiKey), ($"{prefix}_BASE_URL", server.BaseAddress),
        ];
    }

    /// <summary>Everything it wrote to stderr so far; complete after the end.</summary>
    public Task<string> ErrorsAsync() => process.StandardError.ReadToEndAsync();

    /// <summary>The next line of its output; null at the end. The default limit is a minute.</summary>
    public async Task<string?> ReadLineAsync(TimeSpan? limit = null) =>
        await process.StandardOutput.ReadLineAsync().WaitAsync(limit ?? TimeSpan.FromMinutes(1));

    /// <summary>The next line it says that begins so; null at its end.</summary>
    public async Task<string?> ReadLineAsync(string beginning)
    {
        var line = await ReadLineAsync();
        while (line is not null && !line.StartsWith(beginning, StringComparison.Ordinal))
            line = await ReadLineAsync();
        return line;
    }

    /// <summary>kill -9, and gone when this completes.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill();
        process.Dispose();
    }
}
