using System.Diagnostics;

namespace OmniTools.Testing;

/// <summary>The submitting process of <see cref="Program"/>, started, read and killed by a test.</summary>
public sealed class ChildProcess : IDisposable
{
    private readonly Process process;

    private ChildProcess(Process process) => this.process = process;

    /// <summary>Starts it against a loopback provider. Further variables as <c>(name, value)</c>.</summary>
    public static ChildProcess Submit(LoopbackProvider server, string key, string prompt, string? stopAt = null, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { typeof(ChildProcess).Assembly.Location, "submit", key, prompt, stopAt })
        {
            if (argument is not null)
                start.ArgumentList.Add(argument);
        }
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("OMNI_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in Variables(server).Concat(variables))
            start.Environment[name] = value;
        return new(Process.Start(start)!);
    }

    /// <summary>The same as a command of a shell.</summary>
    public static string Command(LoopbackProvider server, string key, string prompt) =>
        $"env {string.Join(' ', Variables(server).Select(variable => $"{variable.Name}='{variable.Value}'"))} dotnet '{typeof(ChildProcess).Assembly.Location}' submit '{key}' '{prompt}'";

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

    /// <summary>The next line it says; null at its end.</summary>
    public async Task<string?> SaysAsync() => await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));

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
