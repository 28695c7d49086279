using System.Globalization;
using System.Reflection.PortableExecutable;
using System.Text.Json;

namespace OmniTools.Benchmarks.Module;

/// <summary>What the module adds to a session, in fresh processes of the real engine.</summary>
internal static class ModuleFigures
{
    private const int Rounds = 15;
    private static readonly string Scripts = Path.Combine(Machine.Root, "tests", "OmniTools.Benchmarks");

    public static async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        const string import = "module import", first =
            "first `New-OmniVideo` of a session: import to request on the wire";
        const string empty = "an empty one-cmdlet binary module", bare =
            "import and a bare HttpClient POST from PowerShell";
        if (Machine.Find("pwsh") is not { } pwsh)
            return [Figure.Skipped(import, empty, "there is no pwsh on this machine"),
                Figure.Skipped(first, bare, "there is no pwsh on this machine")];
        var engine = await EngineAsync(pwsh);
        var module = Path.Combine(Machine.Artifacts, "module", "OmniTools");
        await Child.RunAsync("dotnet", "build", Path.Combine(Machine.Root, "src", "OmniTools.PowerShell"), "-c",
            "Release", $"-p:ModuleFolder={module}/", "--nologo", "-v", "q");
        return [await ImportAsync(pwsh, module, engine), await FirstAsync(pwsh, module, engine)];

        async Task<Figure> ImportAsync(string pwsh, string module, string engine)
        {
            var (_, output) = await Child.RunAsync(pwsh, "-NoProfile", "-Command",
                $"& '{Path.Combine(Scripts, "Import.ps1")}' -Module '{module}' -Round {Rounds} | ConvertTo-Json");
            using var result = JsonDocument.Parse(output);
            double Of(string name) => result.RootElement.GetProperty(name).GetDouble();
            return Figure.Ratio(import, empty, Of("ImportMs"), Of("EmptyImportMs"), "ms", 1.6,
                $"medians of {Rounds}, {engine}");
        }

        async Task<Figure> FirstAsync(string pwsh, string module, string engine)
        {
            using var server = Child.Self("serve");
            var address = await server.ReadLineAsync();
            using var http = new HttpClient();
            var home = Directory.CreateTempSubdirectory("omnitools-module-").FullName;
            var times = await Comparison.RunAsync(Rounds, () => TimeAsync("cmdlet"), () => TimeAsync("bare"));
            Directory.Delete(home, recursive: true);
            return Figure.Ratio(first, bare, times[0], times[1], "ms", 1.7, $"medians of {Rounds}, {engine}");

            async Task<double> TimeAsync(string way)
            {
                using var shell = Child.Start(pwsh,
                    new Dictionary<string, string?>
                    {
                        ["TOAPIS_API_KEY"] = "sk-benchmark",
                        ["TOAPIS_BASE_URL"] = address,
                        ["OMNI_HOME"] = home,
                        ["OMNI_SANDBOX"] = null,
                    },
                    "-NoProfile", "-NonInteractive", "-File", Path.Combine(Scripts, "Module", "FirstRequest.ps1"), way,
                    module, address);
                var began = long.Parse(await shell.ReadLineAsync(), CultureInfo.InvariantCulture);
                var arrived =
                    long.Parse(await http.GetStringAsync(new Uri(address + "/arrived")), CultureInfo.InvariantCulture);
                return TimeSpan.FromTicks(arrived - began).TotalMilliseconds;
            }
        }
    }

    // An engine that is not compiled ahead of time hides what a module costs: it has to be said which it is.
    private static async Task<string> EngineAsync(string pwsh)
    {
        var (_, output) = await Child.RunAsync(pwsh, "-NoProfile", "-Command",
            "$PSVersionTable.PSVersion.ToString(); [psobject].Assembly.Location");
        var lines = output.Split('\n', StringSplitOptions.TrimEntries);
        await using var file = File.OpenRead(lines[1]);
        using var engine = new PEReader(file);
        var isCompiled = engine.PEHeaders.CorHeader?.ManagedNativeHeaderDirectory.Size > 0;
        return $"pwsh {lines[0]}, engine {(isCompiled ? "compiled ahead of time" : "not compiled ahead of time")}";
    }
}
