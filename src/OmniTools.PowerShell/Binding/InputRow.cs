using System.Collections;
using OmniTools.Requests;

namespace OmniTools.PowerShell.Binding;

/// <summary>An object from the pipeline whose properties are read as columns, such as a row of a CSV file.</summary>
internal sealed class InputRow(PSObject value)
{
    private const int MaximumShown = 200;
    private static readonly char[] Delimiters = [';', '\t', ',', '|'];
    private string? columnText;

    /// <summary>The object itself.</summary>
    public PSObject Value => value;

    /// <summary>Whether its author chose the columns: a CSV row or a custom object, and not, say, a file.</summary>
    public bool HasOwnColumns => value.BaseObject is PSCustomObject;

    /// <summary>The names of its columns.</summary>
    public IReadOnlyList<string> Columns { get; } = value.BaseObject is IDictionary map
        ? [.. map.Keys.Cast<object>().Select(key => $"{key}").Order(StringComparer.Ordinal)]
        : [.. value.Properties.Select(property => property.Name)];

    /// <summary>The columns as one text, to tell lists apart and to show what was received.</summary>
    public string ColumnText => columnText ??= string.Join(", ", Columns.Select(column => $"'{column}'"));

    /// <summary>Null for text, for nothing, and for what binds to another parameter.</summary>
    public static InputRow? From(PSObject? value) => value?.BaseObject is null or string ? null : new(value);

    /// <summary>Whether there is a column of this name.</summary>
    public bool Has(string column) => value.BaseObject is not IDictionary && value.Properties[column] is not null;

    /// <summary>The value of a column without its wrapper; null for one that is missing or cannot be read.</summary>
    public object? Get(string column)
    {
        try
        {
            return value.BaseObject is IDictionary ? null : Unwrap(value.Properties[column]?.Value);
        }
        catch (RuntimeException)
        {
            return null;
        }
    }

    /// <summary>The error for a row without a column that it must have.</summary>
    public OmniException MissingColumn(string wanted) => InvalidRequest.Create(
        $"This {Kind} has no {(HasOwnColumns ? "column" : "property")} {wanted}. {DescribeReceived()}".TrimEnd(),
        wanted == "Prompt" ? "prompt" : "task_id", nextStep: NextStep(wanted));

    private string Kind => value.BaseObject switch
    {
        PSCustomObject => "row",
        IDictionary => "hashtable",
        IList => "list",
        var other => other.GetType().Name,
    };

    private string DescribeReceived()
    {
        if (value.BaseObject is IList list and not IDictionary)
            return $"It has {list.Count} values";
        // What a file or a process has of its own says nothing about the list.
        if (!HasOwnColumns && value.BaseObject is not IDictionary)
            return "";
        var shown = ProviderText.Clean(ColumnText) ?? "none";
        return $"Its {(value.BaseObject is IDictionary ? "keys" : "columns")}: "
            + ProviderText.Shorten(shown, MaximumShown);
    }

    private string NextStep(string wanted)
    {
        if (value.BaseObject is IDictionary)
            return $"Cast it to an object: [pscustomobject]@{{ {wanted} = '…' }}";
        if (value.BaseObject is IList)
            return "Pipe the values one by one";
        if (Columns is [var only] && only.IndexOfAny(Delimiters) is >= 0 and var at)
        {
            return only[at] == '\t'
                ? "Is the delimiter a tab? Read the file with Import-Csv -Delimiter \"`t\""
                : $"Is the delimiter '{only[at]}'? Read the file with Import-Csv -Delimiter '{only[at]}'";
        }
        if (HasOwnColumns
            && Columns.FirstOrDefault(column => NameSuggestion.FindNearest(column, [wanted]) is not null) is { } near)
            return $"Is {wanted} meant by '{near}'? Rename the column";
        var looksLikeValues = Columns.Any(column => column.Contains(' ') || int.TryParse(column, out _));
        if (HasOwnColumns && wanted == "Prompt" && looksLikeValues)
            return "Is the first row the header? For a file without one: Import-Csv -Header Prompt, Provider, Duration";
        if (wanted != "Prompt")
            return "Pipe tasks, their ids, or objects with TaskId, Id or RequestKey";
        return HasOwnColumns
            ? "Name the column of the text Prompt; where no text is needed, leave its cells empty"
            : "Pipe texts or rows with a column Prompt, or give the text with -Prompt";
    }

    private static object? Unwrap(object? item) =>
        item is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : item;
}
