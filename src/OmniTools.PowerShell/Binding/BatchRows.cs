using System.Collections;
using System.Globalization;

namespace OmniTools.PowerShell.Binding;

/// <summary>Reads the cells of a row that was piped to a batch.</summary>
internal static class BatchRows
{
    public static IReadOnlyList<KeyValuePair<string, string>> Read(PSObject row) => row.BaseObject switch
    {
        string prompt => [new("Prompt", prompt)],
        IDictionary map => [.. map.Cast<DictionaryEntry>()
            .Select(cell => new KeyValuePair<string, string>($"{cell.Key}", Text(cell.Value)))
            .OrderBy(cell => cell.Key, StringComparer.Ordinal)],
        PSCustomObject =>
            [.. row.Properties.Select(cell => new KeyValuePair<string, string>(cell.Name, Text(cell.Value)))],
        var other =>
            throw InvalidRequest.Create($"A {other.GetType().Name} is no row of a list", "-InputObject", $"{other}",
                "rows with a column Prompt, hashtables, or texts", "Give a file with -Path"),
    };

    private static string Text(object? value) => value switch
    {
        null => "",
        PSObject wrapped => Text(wrapped.BaseObject),
        string text => text,
        bool isOn => isOn ? "On" : "Off",
        IEnumerable items => string.Join('|', items.Cast<object?>().Select(Text)),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => $"{value}",
    };
}
