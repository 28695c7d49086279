using OmniTools.Errors;
using OmniTools.Requests;

namespace OmniTools.Batches.Lists;

/// <summary>Reads a list from a file or from rows, and refuses one that cannot be meant.</summary>
internal static class BatchListReader
{
    // Far beyond 10,000 rows.
    private const long MaximumBytes = 256L * 1024 * 1024;

    /// <summary>Reads a list from a file, once.</summary>
    /// <exception cref="OmniException">The list cannot be read, is empty, or has no column Prompt.</exception>
    public static BatchList Read(string path, char? delimiter = null, string? keyColumn = null)
    {
        var (title, format) = (Path.GetFileName(path), Path.GetExtension(path).ToLowerInvariant());
        if (format is not (".csv" or ".tsv" or ".txt" or ".json" or ".jsonl" or ".ndjson"))
            throw Refused($"The list {title} has a format that is not known", "Path", path,
                ".csv, .json or .jsonl", "Save the list as CSV");
        var (text, encoding) = ListText.Decode(ReadBytes(path, title));
        try
        {
            var list = format switch
            {
                ".json" => JsonList.Read(text),
                ".jsonl" or ".ndjson" => JsonList.ReadLines(text),
                _ => CsvList.Read(text, delimiter),
            };
            return Check(list with { Title = title, Encoding = encoding }, path, keyColumn);
        }
        catch (FormatException failure)
        {
            throw Refused($"The list {title} cannot be read: {failure.Message}", null, null, null,
                "Correct the list and run it again");
        }
    }

    /// <summary>Makes a list of rows that are named cells.</summary>
    /// <exception cref="OmniException">There is no row, or no column Prompt.</exception>
    public static BatchList FromRows(IEnumerable<IReadOnlyList<KeyValuePair<string, string>>> rows, string title,
        string? keyColumn)
    {
        var list = BatchList.FromRecords([.. rows.Select(row => (row, (string?)null))]);
        return Check(list with { Title = title }, "no row", keyColumn);
    }

    private static byte[] ReadBytes(string path, string title)
    {
        try
        {
            using var file =
                new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length > MaximumBytes)
                throw Refused($"The list {title} is too large", "Path", $"{file.Length} bytes",
                    $"{MaximumBytes} bytes", "Divide the list");
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Refused($"There is no list {title}", "Path", path, "an existing file", "Check the path", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Refused($"The list {title} cannot be read: {failure.Message.TrimEnd('.')}", "Path", path,
                "a file that can be read",
                "Close the program that has it open, or make it readable, and run the batch again", failure);
        }
    }

    private static BatchList Check(BatchList list, string source, string? keyColumn)
    {
        var title = $"The list {list.Title}";
        if (list.Columns.Count == 0)
            throw Refused($"{title} is empty", "Path", source, "a header with the column Prompt, and rows",
                "Write the rows, and the names of the columns above them");
        var shown = ProviderText.Clean(string.Join(", ", list.Columns.Select(column => $"'{column}'"))) ?? "none";
        var columns = "the columns " + (shown.Length > 200 ? shown[..200] + "…" : shown);
        var duplicate = list.Columns.GroupBy(name => name, StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(group => group.Key.Length > 0 && group.Count() > 1);
        if (duplicate is not null)
            throw Refused($"{title} has the column {duplicate.Key} twice", "Path", columns, "every column once",
                "Rename one of them");
        if (!list.HasColumn(BatchColumns.Prompt))
            throw Refused($"{title} has no column Prompt", "Path", columns,
                "a column Prompt, whose cells may be empty", AdviseAboutPrompt(list));
        if (keyColumn is not null && !list.HasColumn(keyColumn))
            throw Refused($"{title} has no column {keyColumn}", "KeyColumn", columns, "a column of the list",
                NameSuggestion.FindNearest(keyColumn, list.Columns) is { } meant
                    ? $"Is {meant} meant?"
                    : "Name the column that has the keys");
        return list.Rows.Count > 0 ? list : throw Refused($"{title} has a header and no rows", "Path", columns,
            "at least one row", "Write the rows below the header");
    }

    private static string AdviseAboutPrompt(BatchList list)
    {
        if (list.Columns is [var only] && only.IndexOfAny([';', '\t', ',', '|']) is >= 0 and var at)
            return $"Is the delimiter '{only[at]}'? Then give it with -Delimiter";
        var similar = list.Columns.FirstOrDefault(
            column => NameSuggestion.FindNearest(column, [BatchColumns.Prompt]) is not null);
        if (similar is not null)
            return $"Is Prompt meant by '{similar}'? Rename the column";
        return list.Columns.Any(column => column.Contains(' ') || int.TryParse(column, out _))
            ? "Is the first row the header? Write the names of the columns above the rows: Prompt, Provider, Duration"
            : "Name the column of the text Prompt";
    }

    private static OmniException Refused(string summary, string? parameter, string? received, string? allowed,
        string nextStep, Exception? inner = null) =>
        ParameterError.Create(OmniErrorKind.InvalidRequest, summary, parameter, received, allowed, nextStep, inner);
}
