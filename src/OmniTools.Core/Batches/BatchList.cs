namespace OmniTools.Batches;

/// <summary>One row of a list, as written.</summary>
/// <param name="Number">Its number, from 1; the header is not counted.</param>
/// <param name="Cells">Its cells in the order of the columns; empty where the row has none.</param>
/// <param name="Problem">Why the row cannot be read; null when it can.</param>
internal sealed record BatchListRow(int Number, IReadOnlyList<string> Cells, CellProblem? Problem = null)
{
    /// <summary>The text of the cell in a column.</summary>
    public string GetCell(int column) => column >= 0 && column < Cells.Count ? Cells[column] : "";
}

/// <summary>What is wrong with one cell.</summary>
/// <param name="Column">The column.</param>
/// <param name="What">What is wrong, as a sentence without its full stop.</param>
internal sealed record CellProblem(string Column, string What);

/// <summary>The columns and rows of a list, as text.</summary>
/// <param name="Columns">The names of the columns.</param>
/// <param name="Rows">The rows.</param>
/// <param name="Delimiter">The delimiter of a CSV file; null for other lists.</param>
internal sealed record BatchTable(
    IReadOnlyList<string> Columns, IReadOnlyList<BatchListRow> Rows, char? Delimiter = null)
{
    /// <summary>The table of records that name their cells: it has the columns of all of them.</summary>
    public static BatchTable FromRecords(
        IEnumerable<IEnumerable<(string Name, string Text, CellProblem? Problem)>> records)
    {
        var columns = new List<string>();
        var rows = new List<BatchListRow>();
        foreach (var record in records)
        {
            var cells = new List<string>();
            CellProblem? firstProblem = null;
            foreach (var (name, text, problem) in record)
            {
                var column = columns.FindIndex(known => known.Equals(name, StringComparison.OrdinalIgnoreCase));
                if (column < 0)
                {
                    column = columns.Count;
                    columns.Add(name);
                }
                while (cells.Count <= column)
                    cells.Add("");
                cells[column] = text;
                firstProblem ??= problem;
            }
            rows.Add(new(rows.Count + 1, cells, firstProblem));
        }
        return new(columns, rows);
    }
}

/// <summary>A list as it was read: its columns and rows, not what they mean.</summary>
/// <param name="Name">The name of the batch.</param>
/// <param name="Title">The file's name, else the name of the batch.</param>
/// <param name="Table">The columns and rows.</param>
/// <param name="Encoding">The encoding of the file where it is not UTF-8, else null.</param>
internal sealed record BatchList(string Name, string Title, BatchTable Table, string? Encoding = null)
{
    public IReadOnlyList<string> Columns => Table.Columns;

    public IReadOnlyList<BatchListRow> Rows => Table.Rows;

    public char? Delimiter => Table.Delimiter;

    /// <summary>Whether the list has a column, in any case.</summary>
    public bool HasColumn(string column) => IndexOf(column) >= 0;

    /// <summary>The trimmed text of a cell; empty where there is no such column.</summary>
    public string Cell(BatchListRow row, string column) => row.GetCell(IndexOf(column)).Trim();

    private int IndexOf(string column)
    {
        var index = Columns.Count - 1;
        while (index >= 0 && !Columns[index].Equals(column, StringComparison.OrdinalIgnoreCase))
            index--;
        return index;
    }
}
