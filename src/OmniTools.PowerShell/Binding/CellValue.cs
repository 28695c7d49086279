using System.Globalization;
using System.Numerics;

namespace OmniTools.PowerShell.Binding;

/// <summary>Reads what stands in one cell, or was typed. An empty cell is a value not given.</summary>
internal static class CellValue
{
    private const NumberStyles WholeNumber =
        NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;

    /// <summary>A number of seconds. Nothing is rounded: a clip of another length would be bought.</summary>
    public static int? ParseSeconds(string? text) => Parse<int>(text, "The duration is not a whole number of seconds",
        "duration", "a whole number, such as 6 or 10, or nothing");

    /// <summary>A seed.</summary>
    public static long? ParseSeed(string? text) => Parse<long>(
        text, "The seed is not a whole number", "seed", "a whole number, such as 42, or nothing");

    /// <summary>Whether the clip has sound: On or Off, and True or False as JSON has them.</summary>
    public static bool? ParseSwitch(string? text) => text?.Trim().ToLowerInvariant() switch
    {
        null or "" => null,
        "on" or "true" => true,
        "off" or "false" => false,
        _ => throw Unreadable("The choice of sound cannot be read", "audio", text, "On, Off, or nothing"),
    };

    /// <summary>Several references, which a cell has between vertical bars.</summary>
    public static IEnumerable<string> SplitReferences(IEnumerable<string>? given, bool isCell) => (given ?? [])
        .SelectMany(text => isCell ? text.Split('|') : [text]).Select(text => text.Trim())
        .Where(text => text.Length > 0);

    private static T? Parse<T>(string? text, string what, string field, string allowed)
        where T : struct, INumber<T> =>
        string.IsNullOrWhiteSpace(text) ? null
        : T.TryParse(text, WholeNumber, CultureInfo.InvariantCulture, out var number) ? number
        : throw Unreadable(what, field, text, allowed);

    private static OmniException Unreadable(string what, string field, string text, string allowed) =>
        InvalidRequest.Create(what, field, $"'{ProviderText.Clean(text)}'", allowed,
            $"Correct {OmniException.FieldName} and submit again");
}
