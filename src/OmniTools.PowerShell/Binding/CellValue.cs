using System.Globalization;
using OmniTools.Errors;

namespace OmniTools.PowerShell.Binding;

/// <summary>Reads what stands in one cell, or was typed. An empty cell is a value not given.</summary>
internal static class CellValue
{
    private const NumberStyles WholeNumber =
        NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;

    /// <summary>A number of seconds. Nothing is rounded: a clip of another length would be bought.</summary>
    public static int? ParseSeconds(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        return int.TryParse(text, WholeNumber, CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : throw new OmniException(OmniErrorKind.InvalidRequest, "The duration is not a whole number of seconds")
            {
                Charged = Charged.No, // Nothing was sent.
                Field = "duration",
                Received = $"'{ProviderText.Clean(text)}'",
                Allowed = "a whole number, such as 6 or 10, or nothing",
                NextStep = "Correct duration and submit again",
            };
    }

    /// <summary>Several references, which a cell has between vertical bars.</summary>
    public static IEnumerable<string> SplitReferences(IEnumerable<string>? given, bool isCell) => (given ?? [])
        .SelectMany(text => isCell ? text.Split('|') : [text])
        .Select(text => text.Trim())
        .Where(text => text.Length > 0);
}
