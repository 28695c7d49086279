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

    public static (IReadOnlyList<string> Columns, IReadOnlyList<BatchListRow> Rows) Read(string text)
    {
        using var document = Parse(text, null);
        var root = document.RootElement;
        return Read(root.ValueKind == JsonValueKind.Array ? root.EnumerateArray() : [root]);
    }

    public static (IReadOnlyList<string> Columns, IReadOnlyList<BatchListRow> Rows) ReadLines(string text) => Read(
        text.Split('\n').Select((line, i) => (Line: line.Trim(), Number: i + 1)).Where(each => each.Line.Length > 0)
            .Select(each =>
            {
                using var document = Parse(each.Line, each.Number);
                return document.RootElement.Clone();
            }));

    private static JsonDocument Parse(string text, int? line)
    {
        try
        {
            return JsonDocument.Parse(text, Lenient);
        }
        catch (JsonException failure)
        {
            var number = line ?? (failure.LineNumber ?? 0) + 1;
            throw new FormatException(FormattableString.Invariant($"line {number} is no valid JSON"), failure);
        }
    }

    private static (IReadOnlyList<string> Columns, IReadOnlyList<BatchListRow> Rows) Read(IEnumerable<JsonElement> objects)
    {
        var places = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        var columns = new List<string>();
        var rows = new List<BatchListRow>();
        foreach (var item in objects)
        {
            if (item.ValueKind != JsonValueKind.Object)
                throw new FormatException(FormattableString.Invariant($"value {rows.Count + 1} is no object"));
            var cells = new List<string>();
            CellProblem? problem = null;
            foreach (var property in item.EnumerateObject())
            {
                var name = property.Name.Trim();
                if (places.TryAdd(name, columns.Count))
                    columns.Add(name);
                while (cells.Count <= places[name])
                    cells.Add("");
                cells[places[name]] = Cell(property.Value, name, ref problem);
            }
            rows.Add(new(rows.Count + 1, cells, problem));
        }
        return (columns, rows);
    }

    private static string Cell(JsonElement value, string column, ref CellProblem? problem)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Null:
                return "";
            case JsonValueKind.String:
                return value.GetString()!;
            case JsonValueKind.Array when value.EnumerateArray().All(item => item.ValueKind is JsonValueKind.String or JsonValueKind.Number):
                return string.Join('|', value.EnumerateArray().Select(item => item.ToString()));
            case JsonValueKind.Array:
                problem ??= new(column, "has a list of other things than texts");
                return value.GetRawText();
            default:
                // An object is an option's JSON; where a column takes none, its check says so.
                return value.GetRawText();
        }
    }
}
