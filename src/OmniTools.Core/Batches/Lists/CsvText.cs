using System.Text;
using System.Text.RegularExpressions;

namespace OmniTools.Batches.Lists;

/// <summary>
/// Reads and writes delimited text as RFC 4180 has it: cells in quotes may contain delimiters, quotes and line breaks.
/// .NET's TextFieldParser drops empty lines inside quotes, which would change a prompt and its key.
/// </summary>
internal static class CsvText
{
    /// <summary>The records of a text. Empty lines are skipped.</summary>
    /// <exception cref="FormatException">A quote is never closed; the message names its line.</exception>
    public static IEnumerable<List<string>> Read(string text, char delimiter)
    {
        var mark = $@"\u{(int)delimiter:x4}";
        // Text after a closing quote belongs to the cell, as in Excel and Import-Csv.
        var cell = new Regex($"""
            \G(?:\ *"(?<quoted>(?>(?:[^"]+|"")*))"(?<rest>[^{mark}\r\n]*)|(?!\ *")(?<plain>[^{mark}\r\n]*))
            (?<end>{mark}|\r\n|\r|\n|\z)
            """, RegexOptions.IgnorePatternWhitespace);
        for (var position = 0; position < text.Length;)
        {
            var (record, start) = (new List<string>(), position);
            Match match;
            do
            {
                match = cell.Match(text, position);
                if (!match.Success)
                    throw new FormatException("the quote that is opened in line "
                        + $"{text.AsSpan(0, position).Count('\n') + 1} is never closed");
                record.Add(match.Groups["plain"].Value
                    + match.Groups["quoted"].Value.Replace("\"\"", "\"", StringComparison.Ordinal)
                    + match.Groups["rest"].Value.TrimEnd());
                position += match.Length;
            }
            while (match.Groups["end"].Value == delimiter.ToString());
            if (!text.AsSpan(start, position - start).IsWhiteSpace())
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
}
