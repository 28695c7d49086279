using OmniTools.Errors;
using OmniTools.Requests;

namespace OmniTools.Batches;

/// <summary>Reads a list from a file or from rows. The file is read once, before the run.</summary>
internal static class BatchListReader
{
    /// <exception cref="OmniException">The list cannot be read, is empty, or has no column Prompt.</exception>
    public static BatchList Read(BatchOptions options)
    {
        var name = GetName(options);
        var list = options.Path is { } path
            ? ReadFile(path, name, options.Delimiter)
            : new(name, name, BatchTable.FromRecords(options.Rows
                .Select(row => row.Select(cell => (cell.Key, cell.Value, (CellProblem?)null)))));
        Check(list, options);
        return list;
    }

    /// <summary>The name of a batch: as given, else the list's name without its extension.</summary>
    public static string GetName(BatchOptions options)
    {
        var name = options.Name?.Trim() ?? Path.GetFileNameWithoutExtension(options.Path) ?? "";
        return name.Length is > 0 and <= BatchConstants.MaximumNameLength && !name.Any(char.IsControl)
            ? name
            : throw Refused("The batch needs a name", "BatchName", ProviderText.Clean(name) ?? "nothing",
                $"1 to {BatchConstants.MaximumNameLength} characters", "Give the batch a name of its own");
    }

    private static BatchList ReadFile(string path, string name, char? delimiter)
    {
        var (title, format) = (Path.GetFileName(path), Path.GetExtension(path).ToLowerInvariant());
        if (format is not (".csv" or ".tsv" or ".txt" or ".json" or ".jsonl" or ".ndjson"))
            throw Refused($"The list {title} has a format that is not known", "Path", path,
                ".csv, .json or .jsonl", "Save the list as CSV");
        var (text, encoding) = ListText.Decode(ReadBytes(path, title));
        try
        {
            var table = format switch
            {
                ".json" => JsonList.Read(text),
                ".jsonl" or ".ndjson" => JsonList.ReadLines(text),
                _ => CsvList.Read(text, delimiter),
            };
            return new(name, title, table, encoding);
        }
        catch (FormatException failure)
        {
            throw new OmniException(OmniErrorKind.InvalidRequest,
                $"The list {title} cannot be read: {failure.Message.TrimEnd('.')}", new()
                {
                    Charged = Charged.No, // Nothing was sent.
                    NextStep = "Correct the list and run it again",
                });
        }
    }

    private static byte[] ReadBytes(string path, string title)
    {
        try
        {
            using var file =
                new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length > BatchConstants.MaximumListBytes)
                throw Refused($"The list {title} is too large", "Path", $"{file.Length} bytes",
                    $"{BatchConstants.MaximumListBytes} bytes", "Divide the list");
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

    private static void Check(BatchList list, BatchOptions options)
    {
        var title = $"The list {list.Title}";
        if (list.Columns.Count == 0)
            throw Refused($"{title} is empty", "Path", options.Path ?? "no row",
                "a header with the column Prompt, and rows", "Write the rows, and the names of the columns above them");
        var duplicate = list.Columns.GroupBy(name => name, StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(group => group.Key.Length > 0 && group.Count() > 1);
        if (duplicate is not null)
            throw Refused($"{title} has the column {duplicate.Key} twice", "Path", Columns(), "every column once",
                "Rename one of them");
        if (!list.HasColumn(BatchColumns.Prompt))
            throw Refused($"{title} has no column Prompt", "Path", Columns(),
                "a column Prompt, whose cells may be empty", AdviseAboutPrompt(list));
        if (options.KeyColumn is { } key && !list.HasColumn(key))
            throw Refused($"{title} has no column {key}", "KeyColumn", Columns(), "a column of the list",
                NameSuggestion.FindNearest(key, list.Columns) is { } meant
                    ? $"Is {meant} meant?"
                    : "Name the column that has the keys");
        if (list.Rows.Count == 0)
            throw Refused($"{title} has a header and no rows", "Path", Columns(), "at least one row",
                "Write the rows below the header");

        string Columns()
        {
            var shown = ProviderText.Clean(string.Join(", ", list.Columns.Select(column => $"'{column}'"))) ?? "none";
            return "the columns " + (shown.Length > 200 ? shown[..200] + "…" : shown);
        }
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

    private static OmniException Refused(string summary, string parameter, string received, string allowed,
        string nextStep, Exception? inner = null) =>
        BatchErrors.Create(OmniErrorKind.InvalidRequest, summary, parameter, received, allowed, nextStep, inner);
}
