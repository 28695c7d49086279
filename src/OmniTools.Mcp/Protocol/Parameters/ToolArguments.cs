using System.Text.Json;

namespace OmniTools.Mcp.Protocol.Parameters;

/// <summary>Arguments that were checked against the schema: every value has the type of its parameter.</summary>
internal sealed class ToolArguments(IReadOnlyDictionary<string, JsonElement> values)
{
    public string? GetString(string name) => values.TryGetValue(name, out var value) ? value.GetString()!.Trim() : null;

    /// <summary>A number whose parameter has a range of <see cref="int"/>.</summary>
    public int? GetInteger(string name) => (int?)GetLong(name);

    public long? GetLong(string name) =>
        values.TryGetValue(name, out var value) && TryGetInteger(value, out var number) ? number : null;

    public bool GetBoolean(string name) => GetOptionalBoolean(name) == true;

    public bool? GetOptionalBoolean(string name) =>
        values.TryGetValue(name, out var value) ? value.GetBoolean() : null;

    public JsonElement? GetObject(string name) => values.TryGetValue(name, out var value) ? value : null;

    public IReadOnlyList<string> GetStrings(string name) =>
        values.TryGetValue(name, out var value)
            ? [.. value.EnumerateArray().Select(each => each.GetString()!.Trim())]
            : [];

    /// <summary>In JSON 10 and 10.0 are the same number.</summary>
    public static bool TryGetInteger(JsonElement value, out long number)
    {
        number = 0;
        if (
            value.ValueKind != JsonValueKind.Number
            || !value.TryGetDecimal(out var exact)
            || exact != decimal.Truncate(exact)
            || exact is < long.MinValue or > long.MaxValue)
            return false;
        number = (long)exact;
        return true;
    }
}
