using System.Globalization;
using System.Text.Json;
using OmniTools.Requests;

namespace OmniTools.Catalog;

/// <summary>Reads a request's fields by their names in the catalog.</summary>
internal static class RequestFields
{
    /// <summary>The value of a request in a field; the model's default where it has none.</summary>
    public static FieldValue Get(VideoRequest request, ModelSpec model, string name)
    {
        if (CatalogFields.Find(name) is not { } field)
            return GetOption(request, model, name[CatalogFields.OptionPrefix.Length..]);
        var given = field.Get(request);
        if (given is IReadOnlyList<string> references)
            return new(references.Count > 0, null, references.Count);
        var value = given ?? field.FindSpec(model) switch
        {
            NumberField number => number.Default,
            ChoiceField choice => choice.Default,
            FlagField flag => flag.Default,
            _ => (object?)null,
        };
        var text = value switch
        {
            null => null,
            bool isOn => ToText(isOn),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture),
        };
        return new(given is not null, text, value as long?);
    }

    /// <summary>The same request without a field.</summary>
    public static VideoRequest Without(VideoRequest request, string name) =>
        CatalogFields.Find(name)?.Set(request, null) ?? request with
        {
            Options = request.Options.Where(option => CatalogFields.OptionPrefix + option.Key != name).ToDictionary(),
        };

    private static FieldValue GetOption(VideoRequest request, ModelSpec model, string path)
    {
        var isGiven = request.Options.TryGetValue(path, out var given);
        JsonElement? value = isGiven ? given : model.Options.GetValueOrDefault(path)?.Default;
        long? number = value switch
        {
            { ValueKind: JsonValueKind.Number } it when it.TryGetInt64(out var integer) => integer,
            { ValueKind: JsonValueKind.Array } it => it.GetArrayLength(),
            _ => null,
        };
        var text = value is { ValueKind: JsonValueKind.True or JsonValueKind.False } flag
            ? ToText(flag.GetBoolean())
            : value?.ToString();
        return new(isGiven, text, number);
    }

    private static string ToText(bool value) => value ? "true" : "false";
}
