using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OmniTools.Catalog;

/// <summary>
/// A rule for some requests only, by the names of fields: <c>prompt</c>, <c>images</c>, <c>options.watermark</c>.
/// </summary>
public sealed record ModelRule
{
    /// <summary>Which requests it is about: all these tests pass.</summary>
    public required IReadOnlyDictionary<string, FieldTest> When { get; init; }

    /// <summary>What has to hold for them: all these tests pass.</summary>
    public IReadOnlyDictionary<string, FieldTest> Then
    {
        get; init =>
        field = value ?? new Dictionary<string, FieldTest>();
    } = new Dictionary<string, FieldTest>();

    /// <summary>Fields that the provider ignores for them: they are not sent, with a warning.</summary>
    public IReadOnlyList<string> Drop { get; init => field = value ?? []; } = [];
}

/// <summary>
/// A test of one field. In the catalog: <c>"given"</c>, <c>"none"</c>, an array of values, or an object with <c>min</c>
/// and <c>max</c>, which for references is their number.
/// </summary>
[JsonConverter(typeof(FieldTestConverter))]
public sealed record FieldTest
{
    /// <summary>Whether the field has to be given, or not to be given; null: either.</summary>
    public bool? IsGiven { get; init; }

    /// <summary>The values that pass; null: not tested. A field that is not given has its default.</summary>
    public IReadOnlyList<string>? Values { get; init; }

    /// <summary>The smallest number that passes; null: not tested.</summary>
    public long? Min { get; init; }

    /// <summary>The largest number that passes; null: not tested.</summary>
    public long? Max { get; init; }

    /// <summary>
    /// Whether a value passes. <paramref name="ifUnknown"/>: the answer where the value is not known.
    /// </summary>
    internal bool Passes(FieldValue value, bool ifUnknown) =>
        IsGiven is { } given ? value.IsGiven == given
        : Values is { } values
        ? value.Text is { } text ? values.Contains(text, StringComparer.OrdinalIgnoreCase) : ifUnknown
        : value.Number is { } number ? !(number < Min) && !(number > Max) : ifUnknown;

    /// <summary>What passes, in words.</summary>
    public override string ToString() => this switch
    {
        { IsGiven: true } => "given",
        { IsGiven: false } => "none",
        { Values: { } values } => string.Join(" or ", values),
        { Min: { } least, Max: { } most } => least == most ? $"{least}" : $"{least} to {most}",
        { Min: { } least } => $"at least {least}",
        _ => $"at most {Max}",
    };
}

/// <summary>
/// What a request says in one field: whether it is given, its value or default, its number or how many.
/// </summary>
internal readonly record struct FieldValue(bool IsGiven, string? Text, long? Number);

/// <summary>Reads the short forms of a <see cref="FieldTest"/>.</summary>
internal sealed class FieldTestConverter : JsonConverter<FieldTest>
{
    public override FieldTest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String when reader.ValueTextEquals("given"u8) || reader.ValueTextEquals("none"u8):
                return new() { IsGiven = reader.ValueTextEquals("given"u8) };
            case JsonTokenType.StartArray:
                var values = new List<string>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    values.Add(ReadValue(ref reader));
                return new() { Values = values };
            case JsonTokenType.StartObject:
                var test = new FieldTest();
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var name = reader.GetString();
                    reader.Read();
                    test =
                        reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var number) ? throw Wrong()
                        : name switch
                        {
                            "min" => test with { Min = number },
                            "max" => test with { Max = number },
                            _ =>
                        throw Wrong()
                        };
                }
                return test is { Min: null, Max: null } ? throw Wrong() : test;
            default:
                throw Wrong();
        }
    }

    public override void Write(Utf8JsonWriter writer, FieldTest value, JsonSerializerOptions options) =>
        throw new NotSupportedException("The catalog is only read.");

    private static string ReadValue(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString()!,
        JsonTokenType.Number when reader.TryGetInt64(out var number) => number.ToString(CultureInfo.InvariantCulture),
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        _ => throw Wrong(),
    };

    private static JsonException Wrong() =>
        new("""a test is "given", "none", an array of values, or an object with min and max""");
}
