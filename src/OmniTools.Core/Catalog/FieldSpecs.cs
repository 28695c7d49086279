using System.Text.Json;

namespace OmniTools.Catalog;

/// <summary>A text that a model takes.</summary>
public sealed record TextField
{
    /// <summary>
    /// Where it is in the request's JSON: a name, or a dot path such as <c>metadata.negativePrompt</c>.
    /// </summary>
    public required string Wire { get; init; }

    /// <summary>The most characters; null: not checked.</summary>
    public int? MaxLength { get; init; }
}

/// <summary>A whole number that a model takes.</summary>
public sealed record NumberField
{
    /// <summary>Where it is in the request's JSON; null: the model has only this value, and it is never sent.</summary>
    public string? Wire { get; init; }

    /// <summary>The values allowed; null: all from <see cref="Min"/> to <see cref="Max"/>.</summary>
    public IReadOnlyList<long>? Values { get; init; }

    /// <summary>The smallest value; null: not checked.</summary>
    public long? Min { get; init; }

    /// <summary>The largest value; null: not checked.</summary>
    public long? Max { get; init; }

    /// <summary>What the provider takes when nothing is sent; null: not known.</summary>
    public long? Default { get; init; }

    /// <summary>The value that leaves the choice to the model; null: there is none.</summary>
    public long? Auto { get; init; }

    /// <summary>Whether it travels as a JSON string.</summary>
    public bool AsText { get; init; }

    /// <summary>Whether a value is allowed.</summary>
    public bool Allows(long value) => value == Auto
        || (Values is { } values ? values.Contains(value) : !(value < Min) && !(value > Max));

    /// <summary>The allowed values in words: <c>6 or 10</c>, <c>3 to 15</c>.</summary>
    public override string ToString() => (Values, Min, Max) switch
    {
        ({ } values, _, _) => string.Join(" or ", values),
        (_, { } least, { } most) => $"{least} to {most}",
        (_, { } least, _) => $"{least} or more",
        _ => "a whole number",
    } + (Auto is { } auto ? $", or {auto} to let the model decide" : "");
}

/// <summary>One of a few words that a model takes.</summary>
public sealed record ChoiceField
{
    /// <summary>Where it is in the request's JSON; null: the model has only this value, and it is never sent.</summary>
    public string? Wire { get; init; }

    /// <summary>The values allowed, in any case; null: not checked.</summary>
    public IReadOnlyList<string>? Values { get; init; }

    /// <summary>The provider's word for a value, where it is another one: <c>720p</c> is <c>std</c>.</summary>
    public IReadOnlyDictionary<string, string>? Map { get; init; }

    /// <summary>What the provider takes when nothing is sent; null: not known.</summary>
    public string? Default { get; init; }

    /// <summary>
    /// Whether the provider takes any other value for the default instead of refusing it. OmniTools refuses it.
    /// </summary>
    public bool OthersAreDefault { get; init; }

    /// <summary>
    /// The value as the catalog spells it, for the value or the provider's word for it; null when it is not allowed.
    /// </summary>
    public string? Find(string given) => Values is null ? given.Trim()
        : Values.FirstOrDefault(each => each.Equals(given.Trim(), StringComparison.OrdinalIgnoreCase))
            ?? Values.FirstOrDefault(each => ToWire(each).Equals(given.Trim(), StringComparison.OrdinalIgnoreCase));

    /// <summary>The provider's word for a value of the catalog.</summary>
    public string ToWire(string value) => Map?.GetValueOrDefault(value) ?? value;

    /// <summary>The allowed values in words.</summary>
    public override string ToString() => Values is null ? "any" : string.Join(" or ", Values);
}

/// <summary>References that a model takes: images or videos.</summary>
public sealed record MediaField
{
    /// <summary>
    /// Where they are in the request's JSON: an array of URLs, one place of it (<c>image_urls[0]</c>), or for a frame
    /// also a field of its own.
    /// </summary>
    public required string Wire { get; init; }

    /// <summary>The role, where <see cref="Wire"/> is an array of objects with <c>url</c> and <c>role</c>.</summary>
    public string? Role { get; init; }

    /// <summary>What else has to be sent with them, by its place in the request's JSON.</summary>
    public IReadOnlyDictionary<string, string>? Sets { get; init; }

    /// <summary>The numbers of references allowed besides none; null: any up to <see cref="Max"/>.</summary>
    public IReadOnlyList<int>? Counts { get; init; }

    /// <summary>The most references. The default is 1.</summary>
    public int Max { get; init => field = value == 0 ? 1 : value; } = 1;

    /// <summary>The longest reference video, in seconds; null: not checked.</summary>
    public int? MaxSeconds { get; init; }

    /// <summary>Whether a video may travel inside the request as <c>data:video/…</c>, which local files need.</summary>
    public bool Data { get; init; }

    /// <summary>Whether this number of references is allowed.</summary>
    public bool Allows(int count) => count == 0 || (Counts?.Contains(count) ?? count <= Max);

    /// <summary>The allowed numbers in words.</summary>
    public override string ToString() => Counts is { } counts ? string.Join(" or ", counts) : $"at most {Max}";
}

/// <summary>Something that a model does or does not.</summary>
public sealed record FlagField
{
    /// <summary>Where it is in the request's JSON.</summary>
    public required string Wire { get; init; }

    /// <summary>What the provider takes when nothing is sent; null: not known.</summary>
    public bool? Default { get; init; }
}

/// <summary>A field that has no canonical name: it is given in <see cref="Requests.VideoRequest.Options"/>.</summary>
public sealed record OptionField
{
    /// <summary><c>string</c>, <c>integer</c>, <c>number</c>, <c>boolean</c>, <c>array</c> or <c>object</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The values allowed; null: not checked.</summary>
    public IReadOnlyList<JsonElement>? Values { get; init; }

    /// <summary>The smallest number; null: not checked.</summary>
    public decimal? Min { get; init; }

    /// <summary>The largest number; null: not checked.</summary>
    public decimal? Max { get; init; }

    /// <summary>The most characters of a text or items of an array; null: not checked.</summary>
    public int? MaxLength { get; init; }

    /// <summary>What the provider takes when nothing is sent; null: not known.</summary>
    public JsonElement? Default { get; init; }

    /// <summary>What it does.</summary>
    public string? Note { get; init; }

    /// <summary>What would be allowed instead of a value; null when the value is allowed.</summary>
    internal string? FindAllowed(JsonElement value)
    {
        if (FindType(value) is { } type)
            return Describe() ?? type;
        var isAllowed = Values is { } values
            ? values.Any(each => each.ValueKind == value.ValueKind && each.ToString() == value.ToString())
            : value.ValueKind switch
            {
                JsonValueKind.Number => !(value.GetDecimal() < Min) && !(value.GetDecimal() > Max),
                JsonValueKind.String => !(value.GetString()!.Length > MaxLength),
                JsonValueKind.Array => !(value.GetArrayLength() > MaxLength),
                _ => true,
            };
        return isAllowed ? null : Describe() ?? "another value";
    }

    /// <summary>The type that a value should have, in words; null when it has it.</summary>
    internal string? FindType(JsonElement value)
    {
        var (words, isRight) = Type switch
        {
            "string" => ("a text", value.ValueKind == JsonValueKind.String),
            "integer" => ("a whole number", value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _)),
            "number" => ("a number", value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out _)),
            "boolean" => ("true or false", value.ValueKind is JsonValueKind.True or JsonValueKind.False),
            "array" => ("an array", value.ValueKind == JsonValueKind.Array),
            _ => ("an object", value.ValueKind == JsonValueKind.Object),
        };
        return isRight ? null : words;
    }

    private string? Describe() => this switch
    {
        { Values: { } values } => string.Join(" or ", values.Select(each => each.ToString())),
        { Min: { } least, Max: { } most } => FormattableString.Invariant($"{least} to {most}"),
        { Min: { } least } => FormattableString.Invariant($"{least} or more"),
        { Max: { } most } => FormattableString.Invariant($"at most {most}"),
        { Type: "array", MaxLength: { } most } => $"an array of at most {most}",
        { MaxLength: { } most } => $"a text of at most {most} characters",
        _ => null,
    };
}
