namespace OmniTools.Batches;

/// <summary>One row of a list, as written.</summary>
/// <param name="Number">Its number, from 1; the header is not counted.</param>
/// <param name="Cells">Its cells in the order of the columns; empty where the row has none.</param>
/// <param name="Problem">Why the row cannot be read; null when it can.</param>
internal sealed record BatchListRow(int Number, IReadOnlyList<string> Cells, CellProblem? Problem = null);

/// <summary>What is wrong with one cell.</summary>
/// <param name="Column">The column.</param>
/// <param name="What">What is wrong, as a sentence without its full stop.</param>
internal sealed record CellProblem(string Column, string What);

/// <summary>A list as it was read: its columns and rows, and nothing of what they mean.</summary>
internal sealed record BatchList
{
    /// <summary>The batch it is.</summary>
    public required string Name { get; init; }

    /// <summary>What people call it: the file's name, else the batch's.</summary>
    public required string Title { get; init; }

    /// <summary>The file; null for rows that came otherwise.</summary>
    public string? Path { get; init; }

    /// <summary>The delimiter of a CSV file; null for other lists.</summary>
    public char? Delimiter { get; init; }

    /// <summary>The encoding, where it is not UTF-8.</summary>
    public string? Encoding { get; init; }

    /// <summary>The columns.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>The rows.</summary>
    public required IReadOnlyList<BatchListRow> Rows { get; init; }

    /// <summary>The place of a column, in any case; -1 when there is none.</summary>
    public int IndexOf(string column)
    {
        for (var i = 0; i < Columns.Count; i++)
        {
            if (string.Equals(Columns[i], column, StringComparison.OrdinalIgnoreCase))
                return i;
        }
        return -1;
    }

    /// <summary>The trimmed text of a cell; empty where there is no such column.</summary>
    public string Cell(BatchListRow row, string column) =>
        IndexOf(column) is >= 0 and var i && i < row.Cells.Count ? row.Cells[i].Trim() : "";
}
