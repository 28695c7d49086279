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
        var prefix = server.ProviderId.ToUpperInvariant();
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("OMNI_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment["OMNI_PROVIDER"] = server.ProviderId;
        start.Environment["OMNI_HOME"] = server.Folder["home"];
        start.Environment[$"{prefix}_API_KEY"] = server.ApiKey;
        start.Environment[$"{prefix}_BASE_URL"] = server.BaseAddress;
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        return new(Process.Start(start)!);
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
