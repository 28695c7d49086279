namespace OmniTools.Batches.Lists;

/// <summary>A list as it was read: columns and rows of text, not what they mean.</summary>
internal sealed record BatchList(IReadOnlyList<string> Columns, IReadOnlyList<BatchListRow> Rows)
{
    /// <summary>The file's name, else the name of the batch.</summary>
    public string Title { get; init; } = "";

    /// <summary>The delimiter of a CSV file; null for other lists.</summary>
    public char? Delimiter { get; init; }

    /// <summary>The encoding of the file where it is not UTF-8, else null.</summary>
    public string? Encoding { get; init; }

    /// <summary>The list of records that name their cells: it has the columns of all of them.</summary>
    public static BatchList FromRecords(
        IReadOnlyList<(IReadOnlyList<KeyValuePair<string, string>> Cells, string? Problem)> records)
    {
        var columns = records.SelectMany(record => record.Cells).Select(cell => cell.Key)
            .Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        return new(columns, [.. records.Select((record, i) => new BatchListRow(i + 1,
            columns.ConvertAll(column => record.Cells.LastOrDefault(cell => IsSame(cell.Key, column)).Value ?? ""),
            record.Problem))]);
    }

    /// <summary>Whether the list has a column, in any case.</summary>
    public bool HasColumn(string column) => Columns.Any(name => IsSame(name, column));

    /// <summary>The trimmed text of a cell; empty where there is no such column.</summary>
    public string GetCell(BatchListRow row, string column)
    {
        var index = Columns.Count - 1;
        while (index >= 0 && !IsSame(Columns[index], column))
            index--;
        return row.GetCell(index).Trim();
    }

    private static bool IsSame(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}

/// <summary>One row of a list, as written.</summary>
/// <param name="Number">Its number, from 1; the header is not counted.</param>
/// <param name="Cells">Its cells in the order of the columns; there may be fewer.</param>
/// <param name="Problem">Why the row cannot be read; null when it can.</param>
internal sealed record BatchListRow(int Number, IReadOnlyList<string> Cells, string? Problem = null)
{
    /// <summary>The text of a cell as written; empty where the row has none.</summary>
    public string GetCell(int column) => column >= 0 && column < Cells.Count ? Cells[column] : "";
}
