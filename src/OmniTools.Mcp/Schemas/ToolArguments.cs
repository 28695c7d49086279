using System.Text.Json;

namespace OmniTools.Mcp.Schemas;

/// <summary>Arguments that were held against the schema: every value present is of its kind.</summary>
internal sealed class ToolArguments(IReadOnlyDictionary<string, JsonElement> values)
{
    public string? Text(string name) => values.TryGetValue(name, out var value) ? value.GetString()!.Trim() : null;

    public int? Whole(string name) => values.TryGetValue(name, out var value) && TryWhole(value, out var number) ? number : null;

    public bool Flag(string name) => values.TryGetValue(name, out var value) && value.GetBoolean();

    public IReadOnlyList<string> Texts(string name) =>
        values.TryGetValue(name, out var value) ? [.. value.EnumerateArray().Select(each => each.GetString()!.Trim())] : [];

    /// <summary>In JSON 10 and 10.0 are the same number.</summary>
    public static bool TryWhole(JsonElement value, out int number)
    {
        number = 0;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDecimal(out var exact) || exact != decimal.Truncate(exact) || exact is < int.MinValue or > int.MaxValue)
            return false;
        number = (int)exact;
        return true;
    }
}
