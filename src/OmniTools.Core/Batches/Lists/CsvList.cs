namespace OmniTools.Batches.Lists;

/// <summary>Reads a list from delimited text and detects its delimiter.</summary>
internal static class CsvList
{
    private static readonly char[] Delimiters = [',', ';', '\t'];

    /// <exception cref="FormatException">The text is not valid CSV.</exception>
    public static BatchList Read(string text, char? delimiter)
    {
        // Excel writes "sep=;" above the header, Export-Csv "#TYPE …".
        var hasSeparatorLine = text.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && text.Length > 4;
        if (hasSeparatorLine)
            delimiter ??= text[4];
        if (hasSeparatorLine || text.StartsWith("#TYPE", StringComparison.Ordinal))
            text = text.IndexOf('\n', StringComparison.Ordinal) is >= 0 and var end ? text[(end + 1)..] : "";

        var used = delimiter ?? DetectDelimiter(text);
        var records = CsvText.Read(text, used).ToList();
        List<string> columns = [.. records.FirstOrDefault()?.Select(name => name.Trim()) ?? []];
        var rows = records.Skip(1)
            .Select((cells, i) => new BatchListRow(i + 1, cells, FindProblem(cells, columns, used))).ToList();
        while (columns is [.., ""]
            && rows.TrueForAll(row => string.IsNullOrWhiteSpace(row.GetCell(columns.Count - 1))))
            columns.RemoveAt(columns.Count - 1);
        return new(columns, rows) { Delimiter = used };
    }

    // The delimiter that gives the header the most known columns, else the most columns.
    private static char DetectDelimiter(string text) => Delimiters.MaxBy(delimiter =>
    {
        var header = CsvText.Read(text, delimiter).FirstOrDefault() ?? [];
        return (header.Count(name => BatchColumns.IsKnown(name.Trim())), header.Count);
    });

    private static string? FindProblem(List<string> cells, List<string> columns, char delimiter) =>
        cells.Skip(columns.Count).All(string.IsNullOrWhiteSpace) ? null
            : $"{columns[^1]} the row has {cells.Count} cells and the list {columns.Count} columns: "
                + $"a text with '{delimiter}' in it has to be in quotes";
}
