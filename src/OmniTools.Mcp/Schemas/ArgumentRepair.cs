using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OmniTools.Mcp.Schemas;

/// <summary>The value that a caller probably meant: as near to the given one as the field allows.</summary>
internal static class ArgumentRepair
{
    /// <summary>
    /// The nearest value that the field takes; its default or example where nothing of the given one can be used.
    /// </summary>
    public static JsonNode Repair(Field field, JsonElement? given) =>
        (given is { } value ? Nearest(field, value) : null) ?? JsonNode.Parse(field.Default ?? field.Example)!;

    /// <summary>
    /// The field that a name which is none was probably meant for: <c>aspectRatio</c>, <c>duration</c>, <c>task_id</c>.
    /// </summary>
    public static Field? FindField(IReadOnlyList<Field> fields, string name)
    {
        var wanted = Plain(name);
        return wanted.Length < 4 ? null : fields.FirstOrDefault(field => Plain(field.Name) == wanted)
            ?? fields.FirstOrDefault(field => Plain(field.Name).StartsWith(wanted, StringComparison.Ordinal) || wanted.StartsWith(Plain(field.Name), StringComparison.Ordinal));
    }

    private static JsonNode? Nearest(Field field, JsonElement value) => field.Kind switch
    {
        FieldKind.Texts => Texts(field, value),
        FieldKind.Whole => Number(value) is { } number ? JsonValue.Create(field.Values is { Count: > 0 } values
            ? values.MinBy(each => Math.Abs(each - number))
            : (int)Math.Clamp(Math.Round(number), field.Least ?? int.MinValue, field.Most ?? int.MaxValue)) : null,
        FieldKind.Flag => value.ToString().ToLowerInvariant() switch
        {
            "true" or "yes" or "1" => JsonValue.Create(true),
            "false" or "no" or "0" => JsonValue.Create(false),
            _ => null,
        },
        _ when field.Choices is { } choices => value.ValueKind == JsonValueKind.String
            && choices.FirstOrDefault(choice => Plain(choice) == Plain(value.GetString()!)) is { } choice ? JsonValue.Create(choice) : null,
        _ => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 1 && value[0].ValueKind == JsonValueKind.String && value[0].GetString() is { Length: > 0 } only
            ? JsonValue.Create(only) : null,
    };

    private static JsonArray? Texts(Field field, JsonElement value)
    {
        IEnumerable<JsonElement> items = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [value];
        var texts = items.Where(item => item.ValueKind == JsonValueKind.String && !string.IsNullOrWhiteSpace(item.GetString()))
            .Select(item => (JsonNode)item.GetString()!).Take(field.Most ?? int.MaxValue).ToArray();
        return texts.Length == 0 ? null : new(texts);
    }

    private static decimal? Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetDecimal(out var number) => number,
        JsonValueKind.String when decimal.TryParse(value.GetString(), NumberStyles.Number, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    private static string Plain(string text) => new string([.. text.Where(char.IsLetterOrDigit)]).ToLowerInvariant().TrimEnd('s');
}
