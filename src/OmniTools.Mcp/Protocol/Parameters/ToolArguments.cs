using System.Text.Json;

namespace OmniTools.Mcp.Protocol.Parameters;

/// <summary>Arguments that were held against the schema: every value present is of its kind.</summary>
internal sealed class ToolArguments(IReadOnlyDictionary<string, JsonElement> values)
{
    public string? GetString(string name) => values.TryGetValue(name, out var value) ? value.GetString()!.Trim() : null;

    public int? GetInteger(string name) =>
        values.TryGetValue(name, out var value) && TryGetInteger(value, out var number) ? number : null;

    public bool GetBoolean(string name) => values.TryGetValue(name, out var value) && value.GetBoolean();

    public IReadOnlyList<string> GetStrings(string name) =>
        values.TryGetValue(name, out var value)
            ? [.. value.EnumerateArray().Select(each => each.GetString()!.Trim())]
            : [];

    /// <summary>In JSON 10 and 10.0 are the same number.</summary>
    public static bool TryGetInteger(JsonElement value, out int number)
    {
        number = 0;
        if (
            value.ValueKind != JsonValueKind.Number
            || !value.TryGetDecimal(out var exact)
            || exact != decimal.Truncate(exact)
            || exact is < int.MinValue or > int.MaxValue)
            return false;
        number = (int)exact;
        return true;
    }
}
