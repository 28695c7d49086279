using OmniTools.Errors;

namespace OmniTools.Batches;

/// <summary>Reads a list from delimited text and finds out its delimiter.</summary>
internal static class CsvList
{
    private static readonly char[] Delimiters = [',', ';', '\t'];

    public static (IReadOnlyList<string> Columns, IReadOnlyList<BatchListRow> Rows, char Delimiter) Read(
        string text, char? given)
    {
        text = WithoutTypeLine(text, ref given);
        var delimiter = given ?? Detect(text);
        using var records = CsvText.Read(text, delimiter).GetEnumerator();
        if (!records.MoveNext())
            return ([], [], delimiter);
        List<string> columns = [.. records.Current.Select(name => name.Trim())];
        var rows = new List<BatchListRow>();
        while (records.MoveNext())
        {
            var cells = records.Current;
            var extra = cells.Skip(columns.Count).Any(cell => cell.Trim().Length > 0);
            rows.Add(new(rows.Count + 1, cells, extra ? TooMany(cells.Count, columns, delimiter) : null));
        }
        while (columns is [.., ""]
            && rows.TrueForAll(
            row => row.Cells.Count < columns.Count || row.Cells[columns.Count - 1].Trim().Length == 0))
            columns.RemoveAt(columns.Count - 1);
        return (columns, rows, delimiter);
    }

    // Excel writes "sep=;" above the header, Export-Csv "#TYPE …".
    private static string WithoutTypeLine(string text, ref char? delimiter)
    {
        var isSeparator = text.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && text.Length > 4;
        if (!isSeparator && !text.StartsWith("#TYPE", StringComparison.Ordinal))
            return text;
        delimiter ??= isSeparator ? text[4] : null;
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        return end < 0 ? "" : text[(end + 1)..];
    }

    // The delimiter with which the header has the most columns that are known, else the most columns.
    private static char Detect(string text) => Delimiters.MaxBy(delimiter =>
    {
        var header = CsvText.Read(text, delimiter).FirstOrDefault() ?? [];
        return (1000 * header.Count(name => BatchColumns.IsKnown(name.Trim()))) + header.Count;
    });

    private static CellProblem TooMany(int count, List<string> columns, char delimiter) => new(columns[^1],
        $"the row has {count} cells and the list {columns.Count} columns: "
        + $"a text with '{delimiter}' in it has to be in quotes");

    /// <summary>The error for text that is not delimited as it should be.</summary>
    public static OmniException Broken(string title, string what) =>
        new(OmniErrorKind.InvalidRequest, $"The list {title} cannot be read: {what.TrimEnd('.')}", new()
        {
            Charged = Charged.No, // Nothing was sent.
            NextStep = "Correct the list and run it again",
        });
}
