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

/// <summary>Reads the short forms of a <see cref="FieldTest"/>.</summary>
internal sealed class FieldTestConverter : JsonConverter<FieldTest>
{
    public override FieldTest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var test = JsonElement.ParseValue(ref reader);
        return test.ValueKind switch
        {
            JsonValueKind.String when test.GetString() is "given" or "none" =>
                new() { IsGiven = test.ValueEquals("given"u8) },
            JsonValueKind.Array => new() { Values = [.. test.EnumerateArray().Select(ReadValue)] },
            JsonValueKind.Object => test.EnumerateObject().Aggregate(new FieldTest(), ReadLimit)
                is not { Min: null, Max: null } and var limits ? limits : throw Wrong(),
            _ => throw Wrong(),
        };
    }

    public override void Write(Utf8JsonWriter writer, FieldTest value, JsonSerializerOptions options) =>
        throw new NotSupportedException("The catalog is only read.");

    private static string ReadValue(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number when value.TryGetInt64(out var number) => number.ToString(CultureInfo.InvariantCulture),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => throw Wrong(),
    };

    private static FieldTest ReadLimit(FieldTest test, JsonProperty limit) =>
        limit.Value.ValueKind != JsonValueKind.Number || !limit.Value.TryGetInt64(out var number) ? throw Wrong()
        : limit.Name switch
        {
            "min" => test with { Min = number },
            "max" => test with { Max = number },
            _ => throw Wrong(),
        };

    private static JsonException Wrong() =>
        new("""a test is "given", "none", an array of values, or an object with min and max""");
}
