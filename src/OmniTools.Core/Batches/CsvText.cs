using System.Text;

namespace OmniTools.Batches;

/// <summary>
/// Reads and writes delimited text as RFC 4180 has it: cells in quotes may contain delimiters, quotes and line breaks.
/// </summary>
internal sealed class CsvText
{
    private readonly string text;
    private readonly char delimiter;
    private int position;
    private int line = 1;

    private CsvText(string text, char delimiter) => (this.text, this.delimiter) = (text, delimiter);

    // The null character stands for the end of the text.
    private char Current => position < text.Length ? text[position] : '\0';

    private bool IsAtEndOfCell => position >= text.Length || Current == delimiter || Current is '\r' or '\n';

    /// <summary>The records of a text. Empty lines are skipped.</summary>
    /// <exception cref="FormatException">A quote is never closed; the message names its line.</exception>
    public static IEnumerable<List<string>> Read(string text, char delimiter)
    {
        var reader = new CsvText(text, delimiter);
        while (reader.position < text.Length)
        {
            var start = reader.position;
            var record = reader.ReadRecord();
            if (text.AsSpan(start, reader.position - start).Trim().Length > 0)
                yield return record;
        }
    }

    /// <summary>Writes one record as a line, quoted where that is necessary.</summary>
    public static void Write(StringBuilder text, IEnumerable<string> cells, char delimiter) =>
        text.AppendJoin(delimiter, cells.Select(cell => Quote(cell, delimiter))).Append("\r\n");

    private static string Quote(string cell, char delimiter)
    {
        var isPlain = cell.AsSpan().IndexOfAny("\"\r\n") < 0 && !cell.Contains(delimiter) && cell.Trim() == cell;
        return isPlain ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private List<string> ReadRecord()
    {
        var record = new List<string> { ReadCell() };
        while (position < text.Length && Current == delimiter)
        {
            position++;
            record.Add(ReadCell());
        }
        if (Current == '\r')
            position++;
        if (Current == '\n')
            position++;
        line++;
        return record;
    }

    private string ReadCell()
    {
        var start = position;
        while (Current == ' ')
            position++;
        if (Current == '"')
            return ReadQuoted();
        position = start;
        return ReadToEndOfCell();
    }

    private string ReadToEndOfCell()
    {
        var start = position;
        while (!IsAtEndOfCell)
            position++;
        return text[start..position];
    }

    private string ReadQuoted()
    {
        var (cell, firstLine) = (new StringBuilder(), line);
        for (position++; ; position++)
        {
            if (position >= text.Length)
                throw new FormatException(
                    FormattableString.Invariant($"the quote that is opened in line {firstLine} is never closed"));
            if (Current == '\n')
                line++;
            if (Current == '"')
            {
                position++;
                if (Current != '"')
                    break;
            }
            cell.Append(Current);
        }
        // Text after the closing quote belongs to the cell, as in Excel and Import-Csv.
        return cell.Append(ReadToEndOfCell().TrimEnd()).ToString();
    }
}
