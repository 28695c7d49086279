using OmniTools.Requests;

namespace OmniTools.PowerShell.Binding;

/// <summary>The rows of one command: which columns bind, what is wrong with the list as such, said once.</summary>
internal sealed class RowList
{
    private static readonly char[] Delimiters = [',', ';', '\t'];
    private readonly HashSet<string> known;
    private readonly HashSet<string> typed;
    private readonly HashSet<string> computed;
    private readonly HashSet<string> reported = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="command">The command, whose parameters are the columns.</param>
    /// <param name="typed">The parameters that were typed: what a row has of their names is not read.</param>
    public RowList(CommandInfo command, IReadOnlyDictionary<string, object> typed)
    {
        known = command.Parameters.Values
            .Where(parameter => parameter.ParameterSets.Values.Any(set => set.ValueFromPipelineByPropertyName))
            .Select(parameter => parameter.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        this.typed = typed.Keys.ToHashSet(StringComparer.OrdinalIgnoreCase);
        // The engine has something of its own there for a script block, which it runs for each object.
        computed = [.. typed.Where(pair => pair.Value is not null and not string).Select(pair => pair.Key)];
    }

    /// <summary>How many objects have come.</summary>
    public int Count { get; private set; }

    /// <summary>Whether a parameter was typed.</summary>
    public bool IsTyped(string parameter) => typed.Contains(parameter);

    /// <summary>Takes the next object, and returns warnings about the list, each once.</summary>
    public IEnumerable<string> Add(InputRow? row)
    {
        Count++;
        if (row is not { HasOwnColumns: true } || !row.Has("Prompt"))
            yield break;
        foreach (var column in row.Columns.Where(column => !known.Contains(column) && reported.Add(column)))
        {
            var meant = NameSuggestion.FindNearest(
                column, [.. known.Except(row.Columns, StringComparer.OrdinalIgnoreCase)]);
            var question = meant is null ? "" : $" Did you mean {meant}?";
            yield return $"The column '{ProviderText.Clean(column)}' is not used.{question}";
        }
        if (!IsTyped("RequestKey") && row.Get("RequestKey") is null or "" && reported.Add("no key"))
        {
            yield return row.Has("RequestKey")
                ? "A row has no RequestKey: the same command buys it again. "
                    + "Give every row a key of its own, such as shot-1."
                : "The rows have no column RequestKey: the same command buys them again. "
                    + "Add the column RequestKey with a key of its own for every row, such as shot-1.";
        }
    }

    /// <summary>
    /// Rejects input that would be ignored: a text beside -Prompt, $null, and values that no parameter takes.
    /// </summary>
    /// <param name="row">The row; null where the input is none.</param>
    /// <param name="input">The input itself.</param>
    /// <param name="isPiped">Whether there has to be some.</param>
    public void Check(InputRow? row, PSObject? input, bool isPiped)
    {
        if (row is not null && IsTyped("InputObject"))
            throw Refused("The values of a row bind only from the pipeline", "Pipe the row: $row | New-OmniVideo");
        if (row is not null)
            CheckValues(row);
        else if (isPiped && input is null)
            throw Refused("Nothing ($null) was piped in", "Check the command before New-OmniVideo");
        else if (input is not null && IsTyped("Prompt") && !computed.Contains("Prompt"))
            throw Refused("The prompt is given twice, with -Prompt and from the pipeline", "Leave one of them out");
    }

    // The binder leaves such a value out, or turns it into a text that nobody wrote.
    private void CheckValues(InputRow row)
    {
        foreach (var column in row.Columns.Where(column => known.Contains(column) && !IsTyped(column)))
        {
            // Options are an object of their own, and are read as one.
            if (row.Get(column) is not { } value || IsPlain(value) || (IsList(column) && IsPlainList(value))
                || column.Equals("Option", StringComparison.OrdinalIgnoreCase))
                continue;
            var items = LanguagePrimitives.GetEnumerable(value)?.Cast<object?>().ToList();
            throw InvalidRequest.Create($"The column {column} has no single value", "-" + column,
                items is null
                    ? $"an object ({ProviderText.Clean($"{value}")})"
                    : $"{items.Count} values ({ProviderText.Clean(string.Join(", ", items))})",
                "one", $"Correct the column {column} and submit again");
        }
    }

    /// <summary>Refuses a list that comes as its text: each line would be bought as a prompt.</summary>
    public void CheckText(string text)
    {
        if (Count > 1)
            return;
        var line = text.TrimStart('\uFEFF', ' ', '\r', '\n').Split('\r', '\n')[0];
        var cells = line.Split(Delimiters).Select(cell => cell.Trim(' ', '"')).ToList();
        var isHeader = cells.Count > 1 && cells.Count(known.Contains) >= 2 && cells.All(cell => !cell.Contains(' '));
        if (isHeader)
        {
            var delimiter = line.Contains(';') ? " -Delimiter ';'" : line.Contains('\t') ? " -Delimiter \"`t\"" : "";
            throw Text("the header of a CSV file", $"Read the file with Import-Csv{delimiter} instead of Get-Content");
        }
        if (line is ['{' or '[', ..] && text.Contains("\"Prompt\"", StringComparison.OrdinalIgnoreCase))
            throw Text("JSON", "Convert it first: Get-Content shots.json -Raw | ConvertFrom-Json | New-OmniVideo");

        OmniException Text(string what, string nextStep) => InvalidRequest.Create(
            $"The first text is {what}, and every text would be bought as a prompt",
            received: ProviderText.Shorten(line, 80), nextStep: nextStep);
    }

    private static OmniException Refused(string what, string nextStep) =>
        InvalidRequest.Create(what, nextStep: nextStep);

    private static bool IsList(string column) => column.Equals("Image", StringComparison.OrdinalIgnoreCase)
        || column.Equals("Video", StringComparison.OrdinalIgnoreCase);

    private static bool IsPlain(object value) =>
        value is string or ValueType or Uri or VideoTask or TaskReference;

    private static bool IsPlainList(object value) => LanguagePrimitives.GetEnumerable(value)?.Cast<object?>()
        .All(item => item is not null && IsPlain(item is PSObject wrapped ? wrapped.BaseObject : item)) == true;
}
