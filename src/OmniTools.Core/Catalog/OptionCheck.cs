using System.Text.Json;

namespace OmniTools.Catalog;

/// <summary>Checks the value of an option.</summary>
internal static class OptionCheck
{
    /// <summary>The type that a value should have, in words; null when it has it.</summary>
    public static string? FindWrongType(OptionField option, JsonElement value)
    {
        var isRight = option.Type switch
        {
            "string" => value.ValueKind == JsonValueKind.String,
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            "number" => value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out _),
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "array" => value.ValueKind == JsonValueKind.Array,
            _ => value.ValueKind == JsonValueKind.Object,
        };
        return isRight ? null : option.Type switch
        {
            "string" => "a text",
            "integer" => "a whole number",
            "number" => "a number",
            "boolean" => "true or false",
            "array" => "an array",
            _ => "an object",
        };
    }

    /// <summary>What would be allowed instead of a value; null when the value is allowed.</summary>
    public static string? FindAllowed(OptionField option, JsonElement value)
    {
        if (FindWrongType(option, value) is { } type)
            return Describe(option) ?? type;
        var isAllowed = option.Values is { } values ? values.Any(each => AreEqual(each, value))
            : value.ValueKind switch
            {
                JsonValueKind.Number => !(value.GetDecimal() < option.Min) && !(value.GetDecimal() > option.Max),
                JsonValueKind.String => !(value.GetString()!.Length > option.MaxLength),
                JsonValueKind.Array => !(value.GetArrayLength() > option.MaxLength),
                _ => true,
            };
        return isAllowed ? null : Describe(option) ?? "another value";
    }

    private static string? Describe(OptionField option) => option switch
    {
        { Values: { } values } => string.Join(" or ", values.Select(each => each.ToString())),
        { Min: { } least, Max: { } most } => FormattableString.Invariant($"{least} to {most}"),
        { Min: { } least } => FormattableString.Invariant($"{least} or more"),
        { Max: { } most } => FormattableString.Invariant($"at most {most}"),
        { Type: "array", MaxLength: { } most } => $"an array of at most {most}",
        { MaxLength: { } most } => $"a text of at most {most} characters",
        _ => null,
    };

    private static bool AreEqual(JsonElement one, JsonElement other) =>
        one.ValueKind == other.ValueKind && one.ToString() == other.ToString();
}
