using System.Text.Json;

namespace OmniTools.Batches;

/// <summary>Reads a list from JSON: an array of objects, or one object per line.</summary>
internal static class JsonList
{
    private static readonly JsonDocumentOptions Lenient = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
    };

    /// <exception cref="FormatException">The text is not valid JSON, or has another value than an object.</exception>
    public static BatchTable Read(string text)
    {
        var root = Parse(text, null);
        return FromObjects(root.ValueKind == JsonValueKind.Array ? root.EnumerateArray() : [root]);
    }

    /// <inheritdoc cref="Read"/>
    public static BatchTable ReadLines(string text) => FromObjects(text.Split('\n')
        .Select((line, i) => (Text: line.Trim(), Number: i + 1))
        .Where(line => line.Text.Length > 0)
        .Select(line => Parse(line.Text, line.Number)));

    private static JsonElement Parse(string text, int? line)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Lenient);
            return document.RootElement.Clone();
        }
        catch (JsonException failure)
        {
            var number = line ?? (failure.LineNumber ?? 0) + 1;
            throw new FormatException(FormattableString.Invariant($"line {number} is no valid JSON"), failure);
        }
    }

    private static BatchTable FromObjects(IEnumerable<JsonElement> values) =>
        BatchTable.FromRecords(values.Select((value, i) => value.ValueKind == JsonValueKind.Object
            ? value.EnumerateObject().Select(property => ReadCell(property.Name.Trim(), property.Value))
            : throw new FormatException(FormattableString.Invariant($"value {i + 1} is no object"))));

    private static (string Name, string Text, CellProblem? Problem) ReadCell(string column, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
            return (column, "", null);
        if (value.ValueKind == JsonValueKind.String)
            return (column, value.GetString()!, null);
        // An object is an option's JSON; where a column takes none, its check reports that.
        if (value.ValueKind != JsonValueKind.Array)
            return (column, value.GetRawText(), null);
        return value.EnumerateArray().All(item => item.ValueKind is JsonValueKind.String or JsonValueKind.Number)
            ? (column, string.Join('|', value.EnumerateArray()), null)
            : (column, value.GetRawText(), new(column, "has a list of other things than texts"));
    }
}
