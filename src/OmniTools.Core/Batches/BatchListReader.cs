using OmniTools.Errors;
using OmniTools.Requests;

namespace OmniTools.Batches;

/// <summary>
/// Reads a list from a file or from rows, once: what happens to the file afterwards changes nothing of the run.
/// </summary>
internal static class BatchListReader
{
    private static readonly string[] Formats = [".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson"];

    /// <exception cref="OmniException">The list cannot be read, is empty, or has no column Prompt.</exception>
    public static BatchList Read(BatchOptions options)
    {
        var list = options.Path is { } path ? ReadFile(path, options) : OfRows(options);
        Check(list, options);
        return list;
    }

    /// <summary>The name of a batch: as given, else the list's name without its extension.</summary>
    public static string NameOf(BatchOptions options)
    {
        var name = options.Name?.Trim() ?? Path.GetFileNameWithoutExtension(options.Path) ?? "";
        return name.Length is > 0 and <= BatchConstants.MaximumNameLength && !name.Any(char.IsControl) ? name
            : throw Refused("The batch needs a name", "-BatchName", ProviderText.Clean(name) ?? "nothing",
                $"1 to {BatchConstants.MaximumNameLength} characters", "Give the batch a name of its own");
    }

    private static BatchList ReadFile(string path, BatchOptions options)
    {
        var (title, format) = (Path.GetFileName(path), Path.GetExtension(path).ToLowerInvariant());
        if (!Formats.Contains(format))
            throw Refused($"The list {title} has a format that is not known", "-Path", path,
                ".csv, .json or .jsonl", "Save the list as CSV");
        var (text, encoding) = ListText.Decode(ReadBytes(path, title));
        var list = new BatchList
        {
            Name = NameOf(options),
            Title = title,
            Path = path,
            Encoding = encoding,
            Columns = [],
            Rows = [],
        };
        try
        {
            if (format is ".json" or ".jsonl" or ".ndjson")
            {
                var (columns, rows) = format is ".json" ? JsonList.Read(text) : JsonList.ReadLines(text);
                return list with { Columns = columns, Rows = rows };
            }
            var csv = CsvList.Read(text, options.Delimiter);
            return list with { Columns = csv.Columns, Rows = csv.Rows, Delimiter = csv.Delimiter };
        }
        catch (FormatException failure)
        {
            throw CsvList.Broken(title, failure.Message);
        }
    }

    private static BatchList OfRows(BatchOptions options)
    {
        var places = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        var columns = new List<string>();
        var rows = new List<BatchListRow>();
        foreach (var row in options.Rows)
        {
            var cells = new List<string>();
            foreach (var (name, text) in row)
            {
                if (places.TryAdd(name, columns.Count))
                    columns.Add(name);
                while (cells.Count <= places[name])
                    cells.Add("");
                cells[places[name]] = text;
            }
            rows.Add(new(rows.Count + 1, cells));
        }
        var batch = NameOf(options);
        return new() { Name = batch, Title = batch, Columns = columns, Rows = rows };
    }

    private static byte[] ReadBytes(string path, string title)
    {
        try
        {
            using var file =
                new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length > BatchConstants.MaximumListBytes)
                throw Refused($"The list {title} is too large", "-Path",
                    FormattableString.Invariant($"{file.Length} bytes"),
                    FormattableString.Invariant($"{BatchConstants.MaximumListBytes} bytes"), "Divide the list");
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Refused($"There is no list {title}", "-Path", path, "an existing file", "Check the path", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Refused($"The list {title} cannot be read: {failure.Message.TrimEnd('.')}", "-Path", path,
                "a file that can be read",
                "Close the program that has it open, or make it readable, and run the batch again", failure);
        }
    }

    private static void Check(BatchList list, BatchOptions options)
    {
        if (list.Columns.Count == 0)
            throw Refused($"The list {list.Title} is empty", "-Path", list.Path ?? "no row",
                "a header with the column Prompt, and rows", "Write the rows, and the names of the columns above them");
        if (list.Columns.GroupBy(name => name, StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(group => group.Key.Length > 0 && group.Count() > 1) is { } twice)
            throw Refused($"The list {list.Title} has the column {twice.Key} twice", "-Path", Columns(list),
                "every column once", "Rename one of them");
        if (list.IndexOf(BatchColumns.Prompt) < 0)
            throw Refused($"The list {list.Title} has no column Prompt", "-Path", Columns(list),
                "a column Prompt, whose cells may be empty", Advice(list));
        if (options.KeyColumn is { } key && list.IndexOf(key) < 0)
            throw Refused($"The list {list.Title} has no column {key}", "-KeyColumn", Columns(list),
                "a column of the list",
                NameSuggestion.FindNearest(key, [.. list.Columns]) is { } meant
                ? $"Is {meant} meant?"
                : "Name the column that has the keys");
        if (list.Rows.Count == 0)
            throw Refused($"The list {list.Title} has a header and no rows", "-Path", Columns(list), "at least one row",
                "Write the rows below the header");
    }

    private static string Columns(BatchList list)
    {
        var shown = ProviderText.Clean(string.Join(", ", list.Columns.Select(column => $"'{column}'"))) ?? "none";
        return "the columns " + (shown.Length > 200 ? shown[..200] + "…" : shown);
    }

    private static string Advice(BatchList list)
    {
        if (list.Columns is [var only] && only.IndexOfAny([';', '\t', ',', '|']) is >= 0 and var at)
            return $"Is the delimiter '{only[at]}'? Then give it with -Delimiter";
        if (list.Columns.FirstOrDefault(
            column => NameSuggestion.FindNearest(column, [BatchColumns.Prompt]) is not null) is { } near)
            return $"Is Prompt meant by '{near}'? Rename the column";
        return list.Columns.Any(column => column.Contains(' ') || int.TryParse(column, out _))
            ? "Is the first row the header? Write the names of the columns above the rows: Prompt, Provider, Duration"
            : "Name the column of the text Prompt";
    }

    private static OmniException Refused(string what, string field, string received, string allowed, string nextStep,
        Exception? inner = null) =>
        new(OmniErrorKind.InvalidRequest, what, new()
        {
            Charged = Charged.No, // Nothing was sent.
            Field = field,
            Received = received,
            Allowed = allowed,
            NextStep = nextStep,
        }, inner);
}
