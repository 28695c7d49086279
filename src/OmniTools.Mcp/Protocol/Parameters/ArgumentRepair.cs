using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OmniTools.Mcp.Protocol.Parameters;

/// <summary>The value that a caller probably meant: the nearest one to the given value that is allowed.</summary>
internal static class ArgumentRepair
{
    /// <summary>The nearest allowed value; the default or the example if there is none.</summary>
    public static JsonNode Repair(ToolParameter parameter, JsonElement? given) =>
        (given is { } value ? Nearest(parameter, value) : null)
        ?? JsonNode.Parse(parameter.Default ?? parameter.Example)!;

    /// <summary>The parameter that an unknown name such as <c>aspectRatio</c> or <c>duration</c> stands for.</summary>
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

    private static JsonNode? Nearest(ToolParameter parameter, JsonElement value) => parameter.Type switch
    {
        ParameterType.StringArray => ToStrings(parameter, value),
        ParameterType.Integer => ToNumber(value) is { } number ? NearestNumber(parameter, number) : null,
        ParameterType.Boolean => value.ToString().ToLowerInvariant() switch
        {
            "true" or "yes" or "1" => JsonValue.Create(true),
            "false" or "no" or "0" => JsonValue.Create(false),
            _ => null,
        },
        ParameterType.Object => ToObject(value),
        _ when parameter.Choices is not null => FindChoice(parameter, value),
        _ when value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 1
            && value[0].ValueKind == JsonValueKind.String => value[0].GetString() is { Length: > 0 } only ? only : null,
        _ => null,
    };

    private static int NearestNumber(ToolParameter parameter, decimal number) =>
        parameter.Values is { Count: > 0 } values
            ? values.MinBy(each => Math.Abs(each - number))
            : (int)Math.Clamp(Math.Round(number), parameter.Minimum ?? int.MinValue, parameter.Maximum ?? int.MaxValue);

    private static string? FindChoice(ToolParameter parameter, JsonElement value) =>
        value.ValueKind == JsonValueKind.String
            ? parameter.Choices!.FirstOrDefault(choice => Normalize(choice) == Normalize(value.GetString()!))
            : null;

    // Options that were sent as JSON in a string.
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
            .Select(item => parameter.Choices is null ? item.GetString() : FindChoice(parameter, item))
            .OfType<string>().Select(item => (JsonNode)item).Take(parameter.Maximum ?? int.MaxValue).ToArray();
        return texts.Length == 0 ? null : new(texts);
    }

    private static decimal? ToNumber(JsonElement value) =>
        (value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number))
        || (value.ValueKind == JsonValueKind.String && decimal.TryParse(
            value.GetString(), NumberStyles.Number, CultureInfo.InvariantCulture, out number))
            ? number : null;

    private static string Normalize(string text) =>
        new string([.. text.Where(char.IsLetterOrDigit)]).ToLowerInvariant().TrimEnd('s');
}
