using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OmniTools.Benchmarks;

/// <summary>What a run measured: printed as one table, written as JSON.</summary>
internal sealed record Report(string Date, string Machine, string Load, IReadOnlyList<Figure> Figures)
{
    /// <summary>Prints and writes. Gives the exit code: 1 when a target was missed.</summary>
    public static int Publish(string name, IReadOnlyList<Figure> figures)
    {
        var report = new Report(DateTimeOffset.UtcNow.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
            Benchmarks.Machine.Description, Benchmarks.Machine.Load, figures);
        Console.WriteLine(report.Table());
        var path = Path.Combine(Benchmarks.Machine.Artifacts, name + ".json");
        using (var file = File.Create(path))
            JsonSerializer.Serialize(file, report, ReportJson.Default.Report);
        Console.WriteLine(path);
        return figures.Any(figure => figure.IsMet == false) ? 1 : 0;
    }

    // Markdown, so that it can stand in a document as it is.
    private string Table()
    {
        var text = new StringBuilder(
            $"\n{Date}; {Machine}; load {Load}\n\n| what | against | measured | to reach | | how "
            + $"|\n|---|---|---|---|---|---|\n");
        foreach (var figure in Figures)
        {
            var target = figure.Most is { } most
                ? $"≤ {Figure.Text(most)}"
                : figure.Least is { } least ? $"≥ {Figure.Text(least)}" : "";
            var met = figure.IsMet switch { true => "met", false => "**missed**", _ => "" };
            var measured = (Figure.Text(figure.Measured) + " " + figure.Unit).TrimEnd();
            text.Append(CultureInfo.InvariantCulture,
                $"| {figure.What} | {figure.Against} | {measured} | {target} | {met} | {figure.Note} |\n");
        }
        return text.ToString();
    }
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Report))]
internal sealed partial class ReportJson : JsonSerializerContext;
