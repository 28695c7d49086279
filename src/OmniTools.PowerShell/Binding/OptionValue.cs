using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using OmniTools.Requests;

namespace OmniTools.PowerShell.Binding;

/// <summary>Reads the options of a request: a hashtable, an object, or the text of a JSON object.</summary>
internal static class OptionValue
{
    private const int MaximumDepth = 16;

    /// <summary>The options; none for nothing, for an empty cell and for an empty hashtable.</summary>
    public static IReadOnlyDictionary<string, JsonElement> Read(object? given) => Unwrap(given) switch
    {
        null => RequestOptions.None,
        string text when string.IsNullOrWhiteSpace(text) => RequestOptions.None,
        string text => RequestOptions.Parse(text),
        IDictionary or PSObject => RequestOptions.Parse(ToJson(given, 0)!.ToJsonString()),
        var other => throw Refused($"{ProviderText.Clean($"{other}")} ({other.GetType().Name})"),
    };

    private static JsonNode? ToJson(object? given, int depth)
    {
        if (depth > MaximumDepth)
            throw Refused("values nested too deeply");
        return Unwrap(given) switch
        {
            null => null,
            string text => JsonValue.Create(text),
            char letter => JsonValue.Create($"{letter}"),
            bool flag => JsonValue.Create(flag),
            SwitchParameter flag => JsonValue.Create(flag.IsPresent),
            sbyte or byte or short or ushort or int or uint or long =>
                JsonValue.Create(Convert.ToInt64(Unwrap(given), null)),
            ulong number => JsonValue.Create(number),
            decimal number => JsonValue.Create(number),
            double number when double.IsFinite(number) => JsonValue.Create(number),
            float number when float.IsFinite(number) => JsonValue.Create(number),
            IDictionary map => new JsonObject(map.Keys.Cast<object>()
                .Select(key => KeyValuePair.Create($"{key}", ToJson(map[key], depth + 1)))),
            IEnumerable items => new JsonArray([.. items.Cast<object?>().Select(item => ToJson(item, depth + 1))]),
            PSObject row => new JsonObject(row.Properties
                .Select(property => KeyValuePair.Create(property.Name, ToJson(property.Value, depth + 1)))),
            var other => throw Refused($"a value of type {other.GetType().Name}"),
        };
    }

    // A custom object has nothing but its wrapper.
    private static object? Unwrap(object? given) =>
        given is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : given;

    private static OmniException Refused(string received) =>
        InvalidRequest.Create("The options cannot be read", "options", received,
            "a hashtable, such as @{ watermark = $false }, or the text of a JSON object",
            $"Correct {OmniException.FieldName} and submit again");
}
