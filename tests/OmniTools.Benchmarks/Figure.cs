using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OmniTools.Benchmarks;

/// <summary>One measured figure. <paramref name="Most"/> or <paramref name="Least"/> is its target; neither: a counterpart, there to compare with.</summary>
internal sealed record Figure(string Name, double? Measured, string Unit, double? Most = null, double? Least = null, string Note = "")
{
    public bool? IsMet => Measured is not { } value || (Most is null && Least is null) ? null : value <= (Most ?? double.MaxValue) && value >= (Least ?? double.MinValue);

    /// <summary>A figure that this machine cannot give, and why.</summary>
    public static Figure Skipped(string name, string why) => new(name, null, "", Note: "SKIPPED: " + why);

    /// <summary>Prints the table and writes it as JSON. Gives the exit code: 1 when a target was missed.</summary>
    public static int Publish(string name, IReadOnlyList<Figure> figures)
    {
        var machine = $"{Processor()}, {Environment.ProcessorCount} processors, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20} MB, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";
        var date = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
        Console.WriteLine($"\n{name}: {date}; {machine}; load {Load()}\n");
        foreach (var figure in figures)
        {
            var target = figure.Most is { } most ? $"<= {Text(most)}" : figure.Least is { } least ? $">= {Text(least)}" : "";
            Console.WriteLine($"{figure.Name,-52} {Text(figure.Measured),10} {figure.Unit,-9} {target,-10} {(figure.IsMet switch { true => "met", false => "MISSED", _ => "" }),-7} {figure.Note}");
        }
        var folder = Path.Combine(Root(), "artifacts", "benchmarks");
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, name + ".json");
        using (var file = File.Create(path))
            JsonSerializer.Serialize(file, new Report(date, machine, Load(), figures), BenchmarkJson.Default.Report);
        Console.WriteLine($"\n{path}");
        return figures.Any(figure => figure.IsMet == false) ? 1 : 0;
    }

    public static double Median(IEnumerable<double> values)
    {
        var ordered = values.Order().ToArray();
        return (ordered[(ordered.Length - 1) / 2] + ordered[ordered.Length / 2]) / 2;
    }

    private static string Text(double? value) => value is { } number ? number.ToString("0.###", CultureInfo.InvariantCulture) : "";

    private static string Load() => File.Exists("/proc/loadavg") ? string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ').Take(3)) : "unknown";

    private static string Processor() => File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown processor"
        : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "unknown processor";

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "OmniTools.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? Environment.CurrentDirectory;
    }
}

/// <summary>What is written to disk.</summary>
internal sealed record Report(string Date, string Machine, string Load, IReadOnlyList<Figure> Figures);

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Report))]
internal sealed partial class BenchmarkJson : JsonSerializerContext;
