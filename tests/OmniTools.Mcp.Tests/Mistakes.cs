using System.Globalization;
using System.Text.RegularExpressions;

namespace OmniTools.Mcp.Tests;

/// <summary>
/// The table of calls and answers, as text that a person reviews: a heading, the call as a quote, the answer indented.
/// </summary>
internal static partial class Mistakes
{
    public const string TimePasses = "time passes";

    public const string NewServer = "new server: ";

    /// <summary>What stands before the first block, and the blocks.</summary>
    public static (string Head, IReadOnlyList<MistakenCall> Blocks) Parse(string text)
    {
        var parts = text.Split("\n### ");
        return (
            parts[0],
            [
                .. parts.Skip(1).Select(part => part.Split('\n')).Select(lines => new MistakenCall(
                        lines[0], lines.First(line => line.StartsWith("> ", StringComparison.Ordinal))[2..])),
            ]);
    }

    public static string Show(MistakenCall mistake, string answer) =>
        $"\n### {mistake.Title}\n\n> "
            + $"{mistake.Call}\n\n{string.Join('\n', answer.Split('\n').Select(line => line.Length == 0 ? "" : "   "
            + $" " + line))}\n";

    /// <summary>How often a call is made, and the call: <c>20 times get_video_task {}</c>.</summary>
    public static (int Times, string Call) Repeated(string call) =>
        Repetition().Match(call) is { Success: true } found
            ? (int.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture), call[found.Length..])
            : (1, call);

    /// <summary>The answer without what differs from run to run. Ids get names, which a later call may use.</summary>
    public static string Settled(string answer, string root, IDictionary<string, string> names)
    {
        answer = RootPaths().Replace(answer.Replace(root, "ROOT", StringComparison.Ordinal),
            path => path.Value.Replace(@"\\", "/", StringComparison.Ordinal).Replace('\\', '/'));
        answer = Ids().Replace(answer, found =>
        {
            if (!names.TryGetValue(found.Value, out var name))
                names[found.Value] = name = $"ID-{names.Count + 1}";
            return name;
        });
        answer = Endings().Replace(answer, "-LAST8.mp4");
        answer = Hashes().Replace(answer, "SHA256");
        answer = Times().Replace(answer, "TIME");
        return Dates().Replace(answer, "DATE");
    }

    [GeneratedRegex(@"^(\d+) times ")]
    private static partial Regex Repetition();

    // Windows has backslashes, which JSON doubles.
    [GeneratedRegex("ROOT[^\\s\"]*")]
    private static partial Regex RootPaths();

    [GeneratedRegex("omni_[0-9a-f]{8,}|(task|video|tgi)_[0-9A-Za-z]{20,}")]
    private static partial Regex Ids();

    // The last characters of a task id end a file's name.
    [GeneratedRegex(@"-[0-9A-Za-z]{8}\.mp4")]
    private static partial Regex Endings();

    [GeneratedRegex(@"\b[0-9a-f]{64}\b")]
    private static partial Regex Hashes();

    [GeneratedRegex(@"\b20\d\d-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|\+00:00)")]
    private static partial Regex Times();

    [GeneratedRegex(@"\b20\d\d-?\d\d-?\d\d\b")]
    private static partial Regex Dates();
}
