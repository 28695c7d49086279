using OmniTools.Requests;

namespace OmniTools.Catalog;

/// <summary>A field of a request that has a name in the catalog.</summary>
/// <param name="Name">Its name in the catalog.</param>
/// <param name="ErrorField">Its name in errors.</param>
/// <param name="Words">The field in a sentence.</param>
/// <param name="FindSpec">What a model takes; null: it does not take the field.</param>
/// <param name="Get">
/// The value of a request: a text, a <see cref="long"/>, a flag, or a list of references; null when it is not given.
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
}

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

    /// <summary>The field of a name; null for an option and for a name that does not exist.</summary>
    public static CatalogField? Find(string name) => Fields.FirstOrDefault(field => field.Name == name);

    /// <summary>The path of an option; null where the name is that of another field.</summary>
    public static string? FindOption(string name) =>
        name.StartsWith(OptionPrefix, StringComparison.Ordinal) ? name[OptionPrefix.Length..] : null;

    /// <summary>The field as errors name it.</summary>
    public static string ToErrorField(string name) =>
        FindOption(name) is null ? Find(name)?.ErrorField ?? name : "options";

    /// <summary>The field in a sentence.</summary>
    public static string ToWords(string name) =>
        FindOption(name) is { } option ? $"the option '{option}'" : Find(name)?.Words ?? name;

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

    private static string? ToFirst(object? value) => ToList(value) is [var first, ..] ? first : null;

    private static IReadOnlyList<string> ToList(object? value) => value switch
    {
        IReadOnlyList<string> list => list,
        string text => [text],
        _ => [],
    };
}
