using System.Globalization;
using System.Text.Json;
using OmniTools.Requests;

namespace OmniTools.Catalog;

/// <summary>A field of a request that has a name in the catalog.</summary>
/// <param name="Name">Its name in the catalog.</param>
/// <param name="ErrorField">Its name in errors.</param>
/// <param name="Words">The field in a sentence.</param>
/// <param name="FindSpec">What a model takes; null: it does not take the field.</param>
/// <param name="Get">
/// The value of a request: a text, a <see cref="long"/>, a flag, a list of references, or the JSON of an option; null
/// when it is not given.
/// </param>
/// <param name="Set">The request with another value; null removes it.</param>
internal sealed record CatalogField(string Name, string ErrorField, string Words, Func<ModelSpec, object?> FindSpec,
    Func<VideoRequest, object?> Get, Func<VideoRequest, object?, VideoRequest> Set)
{
    /// <summary>Whether a request has a value.</summary>
    public bool IsGiven(VideoRequest request) => Get(request) switch
    {
        null => false,
        string text => !string.IsNullOrWhiteSpace(text),
        IReadOnlyList<string> references => references.Count > 0,
        _ => true,
    };

    /// <summary>The value of a request; the model's default where it has none.</summary>
    public FieldValue Read(VideoRequest request, ModelSpec model)
    {
        var isGiven = IsGiven(request);
        var value = isGiven ? Get(request) : FindSpec(model) switch
        {
            NumberField number => number.Default,
            ChoiceField choice => choice.Default,
            FlagField flag => flag.Default,
            OptionField option => option.Default,
            MediaField => Array.Empty<string>(),
            _ => (object?)null,
        };
        return value switch
        {
            null => default,
            IReadOnlyList<string> references => new(isGiven, null, references.Count),
            bool flag => new(isGiven, flag ? "true" : "false", null),
            JsonElement { ValueKind: JsonValueKind.True or JsonValueKind.False } flag =>
                new(isGiven, flag.GetBoolean() ? "true" : "false", null),
            JsonElement { ValueKind: JsonValueKind.Array } array =>
                new(isGiven, array.ToString(), array.GetArrayLength()),
            JsonElement { ValueKind: JsonValueKind.Number } number =>
                new(isGiven, number.ToString(), number.TryGetInt64(out var integer) ? integer : null),
            _ => new(isGiven, Convert.ToString(value, CultureInfo.InvariantCulture), value as long?),
        };
    }
}

/// <summary>
/// What a request says in one field: whether it is given, its value or default, its number or how many.
/// </summary>
internal readonly record struct FieldValue(bool IsGiven, string? Text, long? Number);

/// <summary>The fields of a request that have names in the catalog.</summary>
internal static class CatalogFields
{
    /// <summary>Before the path of an option in a rule.</summary>
    public const string OptionPrefix = "options.";

    /// <summary>All fields but options.</summary>
    public static IReadOnlyList<CatalogField> Fields { get; } =
    [
        new("prompt", "prompt", "a prompt", model => model.Prompt,
            request => request.Prompt, (request, value) => request with { Prompt = (string?)value }),
        new("negative_prompt", "negative_prompt", "a negative prompt", model => model.NegativePrompt,
            request => request.NegativePrompt, (request, value) => request with { NegativePrompt = (string?)value }),
        new("duration", "duration", "a duration", model => model.Duration,
            request => (long?)request.Duration, (request, value) => request with { Duration = (int?)(long?)value }),
        new("aspect_ratio", "aspect_ratio", "an aspect ratio", model => model.AspectRatio,
            request => request.AspectRatio, (request, value) => request with { AspectRatio = (string?)value }),
        new("resolution", "resolution", "a resolution", model => model.Resolution,
            request => request.Resolution, (request, value) => request with { Resolution = (string?)value }),
        new("images", "image_urls", "reference images", model => model.Images,
            request => request.Images, (request, value) => request with { Images = ToList(value) }),
        new("first_frame", "first_frame_url", "a first frame", model => model.FirstFrame,
            request => ToList(request.FirstFrame), (request, value) => request with { FirstFrame = ToFirst(value) }),
        new("last_frame", "last_frame_url", "a last frame", model => model.LastFrame,
            request => ToList(request.LastFrame), (request, value) => request with { LastFrame = ToFirst(value) }),
        new("videos", "video_url", "a reference video", model => model.Videos,
            request => request.Videos, (request, value) => request with { Videos = ToList(value) }),
        new("audio", "audio", "a choice of sound", model => model.Audio,
            request => request.Audio, (request, value) => request with { Audio = (bool?)value }),
        new("seed", "seed", "a seed", model => model.Seed,
            request => request.Seed, (request, value) => request with { Seed = (long?)value }),
        new("extend", "extend_from_task_id", "an earlier task", model => model.Extend,
            request => request.ExtendFrom, (request, value) => request with { ExtendFrom = (string?)value }),
    ];

    /// <summary>The names of <see cref="Fields"/>.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Fields.Select(field => field.Name)];

    /// <summary>The field of a name, which may be that of an option; null for a name that does not exist.</summary>
    public static CatalogField? Find(string name) =>
        name.StartsWith(OptionPrefix, StringComparison.Ordinal) ? CreateOption(name[OptionPrefix.Length..])
            : Fields.FirstOrDefault(field => field.Name == name);

    /// <summary>The field as errors name it.</summary>
    public static string ToErrorField(string name) => Find(name)?.ErrorField ?? name;

    /// <summary>The field in a sentence.</summary>
    public static string ToWords(string name) => Find(name)?.Words ?? name;

    /// <summary>The part of a wire path before an index: <c>image_urls</c> of <c>image_urls[1]</c>.</summary>
    public static string WithoutIndex(string wire) => wire.Split('[')[0];

    /// <summary>Where a field is in the request's JSON; null when it is never sent.</summary>
    public static string? WireOf(object? field) => field switch
    {
        TextField text => text.Wire,
        NumberField number => number.Wire,
        ChoiceField choice => choice.Wire,
        MediaField media => WithoutIndex(media.Wire),
        FlagField flag => flag.Wire,
        _ => null,
    };

    /// <summary>All paths that the canonical fields of a model use in the request's JSON.</summary>
    public static IEnumerable<string> WirePaths(ModelSpec model) => All
        .Select(model.FindField)
        .SelectMany(field => ((field as MediaField)?.Sets?.Keys ?? []).Prepend(WireOf(field)))
        .OfType<string>()
        .Distinct();

    private static CatalogField CreateOption(string path) => new(OptionPrefix + path, "options", $"the option '{path}'",
        model => model.Options.GetValueOrDefault(path),
        request => request.Options.TryGetValue(path, out var value) ? value : null,
        (request, value) => request with
        {
            Options = request.Options.Where(option => option.Key != path)
                .Concat(value is JsonElement json ? [KeyValuePair.Create(path, json)] : []).ToDictionary(),
        });

    private static string? ToFirst(object? value) => ToList(value) is [var first, ..] ? first : null;

    private static IReadOnlyList<string> ToList(object? value) => value switch
    {
        IReadOnlyList<string> list => list,
        string text => [text],
        _ => [],
    };
}
