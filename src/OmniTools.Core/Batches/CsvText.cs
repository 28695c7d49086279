using System.Text;

namespace OmniTools.Batches;

/// <summary>Reads and writes delimited text as RFC 4180 has it: cells in quotes may contain delimiters, quotes and line breaks.</summary>
internal static class CsvText
{
    /// <summary>The records of a text. Empty lines are skipped.</summary>
    /// <exception cref="FormatException">A quote that is opened is never closed; the message names its line.</exception>
    public static IEnumerable<List<string>> Read(string text, char delimiter)
    {
        var (at, line) = (0, 1);
        while (at < text.Length)
        {
            var record = ReadRecord(text, delimiter, ref at, ref line, out var isEmpty);
            if (!isEmpty)
                yield return record;
        }
    }

    /// <summary>One record as a line, quoted where that is necessary.</summary>
    public static void Write(StringBuilder text, IEnumerable<string> cells, char delimiter)
    {
        var isFirst = true;
        foreach (var cell in cells)
        {
            if (!isFirst)
                text.Append(delimiter);
            isFirst = false;
            if (cell.AsSpan().IndexOfAny("\"\r\n") < 0 && !cell.Contains(delimiter) && cell.Trim().Length == cell.Length)
                text.Append(cell);
            else
                text.Append('"').Append(cell.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        }
        text.Append("\r\n");
    }

    private static List<string> ReadRecord(string text, char delimiter, ref int at, ref int line, out bool isEmpty)
    {
        var record = new List<string>();
        var first = at;
        while (true)
        {
            record.Add(ReadCell(text, delimiter, ref at, ref line));
            if (at < text.Length && text[at] == delimiter)
            {
                at++;
                continue;
            }
            isEmpty = text.AsSpan(first, at - first).Trim().Length == 0;
            if (at < text.Length && text[at] == '\r')
                at++;
            if (at < text.Length && text[at] == '\n')
                at++;
            line++;
            return record;
        }
    }

    private static string ReadCell(string text, char delimiter, ref int at, ref int line)
    {
        var start = at;
        while (start < text.Length && text[start] == ' ')
            start++;
        if (start < text.Length && text[start] == '"')
        {
            at = start;
            return ReadQuoted(text, delimiter, ref at, ref line);
        }
        start = at;
        while (at < text.Length && text[at] != delimiter && text[at] is not ('\r' or '\n'))
            at++;
        return text[start..at];
    }

    private static string ReadQuoted(string text, char delimiter, ref int at, ref int line)
    {
        var cell = new StringBuilder();
        var began = line;
        for (at++; ; at++)
        {
            if (at >= text.Length)
                throw new FormatException(FormattableString.Invariant($"the quote that is opened in line {began} is never closed"));
            if (text[at] == '\n')
                line++;
            if (text[at] != '"')
                cell.Append(text[at]);
            else if (at + 1 < text.Length && text[at + 1] == '"')
                cell.Append(text[at++]);
            else
                break;
        }
        at++;
        // What follows the closing quote belongs to the cell, as Excel and Import-Csv have it.
        var rest = at;
        while (at < text.Length && text[at] != delimiter && text[at] is not ('\r' or '\n'))
            at++;
        return cell.Append(text[rest..at].TrimEnd()).ToString();
    }
}
