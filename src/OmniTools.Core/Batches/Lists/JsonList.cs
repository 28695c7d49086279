using System.Text.Json;

namespace OmniTools.Batches.Lists;

/// <summary>Reads a list from JSON: an array of objects, or one object per line.</summary>
internal static class JsonList
{
    private static readonly JsonDocumentOptions Lenient = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
    };

    /// <exception cref="FormatException">The text is not valid JSON, or has another value than an object.</exception>
    public static BatchList Read(string text)
    {
        var root = Parse(text, null);
        return FromObjects(root.ValueKind == JsonValueKind.Array ? root.EnumerateArray() : [root]);
    }

    /// <inheritdoc cref="Read"/>
    public static BatchList ReadLines(string text) => FromObjects(text.Split('\n')
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

    private static BatchList FromObjects(IEnumerable<JsonElement> values) =>
        BatchList.FromRecords([.. values.Select((value, i) =>
        {
            try
            {
                return value.ValueKind == JsonValueKind.Object
                    ? ReadRecord([.. value.EnumerateObject()])
                    : throw new FormatException(FormattableString.Invariant($"value {i + 1} is no object"));
            }
            catch (InvalidOperationException failure)
            {
                // Half a surrogate pair: valid as JSON, and no text.
                throw new FormatException(
                    FormattableString.Invariant($"value {i + 1} has an escape that is not a character"), failure);
            }
        })]);

    private static (IReadOnlyList<KeyValuePair<string, string>> Cells, string? Problem) ReadRecord(
        List<JsonProperty> properties) =>
        (properties.ConvertAll(cell => KeyValuePair.Create(cell.Name.Trim(), ToText(cell.Value))),
            properties.Where(cell => cell.Value.ValueKind == JsonValueKind.Array && !IsListOfTexts(cell.Value))
                .Select(cell => $"{cell.Name.Trim()} has a list of other things than texts").FirstOrDefault());

    private static string ToText(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array when IsListOfTexts(value) => string.Join('|', value.EnumerateArray()),
        // An object is an option's JSON; where a column takes none, its check reports that.
        _ => value.GetRawText(),
    };

    private static bool IsListOfTexts(JsonElement array) =>
        array.EnumerateArray().All(item => item.ValueKind is JsonValueKind.String or JsonValueKind.Number);
}
