using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using OmniTools.Testing;

namespace OmniTools.PowerShell.Tests;

internal sealed record PesterOutcome(string Name, string Result, string Error);

/// <summary>
/// One Pester file, run once in a PowerShell of its own against the built module, in the sandbox. The first request
/// starts all files, two at a time: most of them wait for real time to pass.
/// </summary>
internal sealed record PesterRun(string? Unavailable, IReadOnlyDictionary<string, PesterOutcome> Outcomes, string Log)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly SemaphoreSlim Turns = new(2);
    private static readonly Lazy<Dictionary<string, Task<PesterRun>>> Runs = new(() =>
        Directory.EnumerateFiles(Repository.PesterFolder, "*.Tests.ps1").Order(StringComparer.Ordinal)
            .ToDictionary(file => Path.GetFileName(file), file => RunInTurnAsync(Path.GetFileName(file))));

    public static Task<PesterRun> OfAsync(string file) => Runs.Value[file];

    private static async Task<PesterRun> RunInTurnAsync(string file)
    {
        await Turns.WaitAsync();
        try
        {
            return await RunAsync(file);
        }
        finally
        {
            Turns.Release();
        }
    }

    private static async Task<PesterRun> RunAsync(string file)
    {
        var folder = Directory.CreateTempSubdirectory("omnitools-pester-");
        try
        {
            var result = Path.Combine(folder.FullName, "result.json");
            var log = await ChildAsync(
                folder.FullName,
                [
                    "-NoProfile", "-NonInteractive", "-File",
                    Path.Combine(Repository.PesterFolder, "Invoke-OneFile.ps1"),
                    "-File",
                    Path.Combine(Repository.PesterFolder, file),
                    "-Module",
                    Repository.Module,
                    "-Result",
                    result,
                ]);
            if (log is null)
                return Not("There is no pwsh on PATH; install PowerShell 7.4 or later to run the cmdlet tests.");
            if (!File.Exists(result))
                return new(null, new Dictionary<string, PesterOutcome>(), log);
            using var document = JsonDocument.Parse(await File.ReadAllTextAsync(result));
            if (document.RootElement.TryGetProperty(nameof(Unavailable), out var reason))
                return Not(reason.GetString()!);
            var outcomes = document.RootElement.GetProperty("Tests").EnumerateArray()
                .Select(test => new PesterOutcome(Text(test, "Name"), Text(test, "Result"), Text(test, "Error")))
                .ToDictionary(test => test.Name);
            return new(null, outcomes, log);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string?> ChildAsync(string home, string[] arguments)
    {
        var start = new ProcessStartInfo("pwsh", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var name in start.Environment.Keys.Where(IsOurs).ToList())
            start.Environment.Remove(name);
        start.Environment["OMNI_SANDBOX"] = "1";
        start.Environment["OMNI_SANDBOX_SECONDS"] = "0.3";
        start.Environment["OMNI_HOME"] = Path.Combine(home, "omni");
        start.Environment["OMNI_TEST_PROVIDER"] = typeof(LoopbackProvider).Assembly.Location;
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        start.Environment["POWERSHELL_UPDATECHECK"] = "Off";
        try
        {
            using var child = Process.Start(start)!;
            child.StandardInput.Close();
            var output = child.StandardOutput.ReadToEndAsync();
            var errors = child.StandardError.ReadToEndAsync();
            using var limit = new CancellationTokenSource(Limit);
            try
            {
                await child.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                child.Kill(entireProcessTree: true);
                return $"The child did not end within {Limit.TotalMinutes} minutes.\n{await output}\n{await errors}";
            }
            return await output + await errors;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    // A developer's keys and limits must not reach the tests.
    private static bool IsOurs(string name) =>
        name.StartsWith("OMNI_", StringComparison.Ordinal)
        || name.StartsWith("TOAPIS_", StringComparison.Ordinal)
        || name.StartsWith("APIMART_", StringComparison.Ordinal);

    private static string Text(JsonElement test, string name) => test.GetProperty(name).GetString() ?? "";

    private static PesterRun Not(string reason) => new(reason, new Dictionary<string, PesterOutcome>(), "");
}
