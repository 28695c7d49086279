using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OmniTools.Mcp.Protocol.Parameters;

/// <summary>The value that a caller probably meant: as near to the given one as the field allows.</summary>
internal static class ArgumentRepair
{
    /// <summary>
    /// The nearest value that the field takes; its default or example where nothing of the given one can be used.
    /// </summary>
    public static JsonNode Repair(ToolParameter parameter, JsonElement? given) =>
        (given is { } value ? Nearest(parameter, value) : null)
        ?? JsonNode.Parse(parameter.Default ?? parameter.Example)!;

    /// <summary>
    /// The field that a name which is none was probably meant for: <c>aspectRatio</c>, <c>duration</c>, <c>task_id</c>.
    /// </summary>
    public static ToolParameter? FindParameter(IReadOnlyList<ToolParameter> parameters, string name)
    {
        var wanted = Normalize(name);
        return wanted.Length < 4
            ? null
            : parameters.FirstOrDefault(parameter => Normalize(parameter.Name) == wanted)
                ?? parameters.FirstOrDefault(parameter =>
                    Normalize(parameter.Name).StartsWith(wanted, StringComparison.Ordinal)
                    || wanted.StartsWith(Normalize(parameter.Name), StringComparison.Ordinal));
    }

    private static JsonNode? Nearest(ToolParameter parameter, JsonElement value) =>
        parameter.Type switch
        {
            ParameterType.StringArray => ToStrings(parameter, value),
            ParameterType.Integer => ToNumber(value) is { } number
                ? JsonValue.Create(
                    parameter.Values is { Count: > 0 } values
                        ? values.MinBy(each => Math.Abs(each - number))
                        : (int)
                            Math.Clamp(
                                Math.Round(number),
                                parameter.Minimum ?? int.MinValue,
                                parameter.Maximum ?? int.MaxValue))
                : null,
            ParameterType.Boolean => value.ToString().ToLowerInvariant() switch
            {
                "true" or "yes" or "1" => JsonValue.Create(true),
                "false" or "no" or "0" => JsonValue.Create(false),
                _ => null,
            },
            ParameterType.Object => ToObject(value),
            _ when parameter.Choices is { } choices => value.ValueKind == JsonValueKind.String
            && choices.FirstOrDefault(choice => Normalize(choice) == Normalize(value.GetString()!)) is { } choice
                ? JsonValue.Create(choice)
                : null,
            _ => value.ValueKind == JsonValueKind.Array
            && value.GetArrayLength() == 1
            && value[0].ValueKind == JsonValueKind.String
            && value[0].GetString() is { Length: > 0 } only
                ? JsonValue.Create(only)
                : null,
        };

    // Options that came as their text.
    private static JsonNode? ToObject(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? JsonNode.Parse(value.GetString()!) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonArray? ToStrings(ToolParameter parameter, JsonElement value)
    {
        IEnumerable<JsonElement> items = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [value];
        var texts = items
            .Where(item => item.ValueKind == JsonValueKind.String && !string.IsNullOrWhiteSpace(item.GetString()))
            .Select(item => parameter.Choices is { } choices
                ? choices.FirstOrDefault(choice => Normalize(choice) == Normalize(item.GetString()!))
                : item.GetString())
            .OfType<string>()
            .Select(item => (JsonNode)item)
            .Take(parameter.Maximum ?? int.MaxValue)
            .ToArray();
        return texts.Length == 0 ? null : new(texts);
    }

    private static decimal? ToNumber(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetDecimal(out var number) => number,
            JsonValueKind.String
                when decimal.TryParse(
                    value.GetString(), NumberStyles.Number, CultureInfo.InvariantCulture, out var number) => number,
            _ => null,
        };

    private static string Normalize(string text) =>
        new string([.. text.Where(char.IsLetterOrDigit)]).ToLowerInvariant().TrimEnd('s');
}
