namespace OmniTools.Catalog;

/// <summary>The names of a request's fields in the catalog, and what errors call them.</summary>
internal static class CatalogFields
{
    /// <summary>Before the path of an option in a rule.</summary>
    public const string OptionPrefix = "options.";

    /// <summary>All names but those of options.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        "prompt", "negative_prompt", "duration", "aspect_ratio", "resolution", "images", "first_frame", "last_frame",
        "videos", "audio", "seed", "extend",
    ];

    /// <summary>The field as errors name it.</summary>
    public static string ToErrorField(string name) => name switch
    {
        "images" => "image_urls",
        "first_frame" => "first_frame_url",
        "last_frame" => "last_frame_url",
        "videos" => "video_url",
        "extend" => "extend_from_task_id",
        _ when name.StartsWith(OptionPrefix, StringComparison.Ordinal) => "options",
        _ => name,
    };

    /// <summary>The field in a sentence.</summary>
    public static string ToWords(string name) => name switch
    {
        "images" => "reference images",
        "first_frame" => "a first frame",
        "last_frame" => "a last frame",
        "videos" => "a reference video",
        "extend" => "an earlier task",
        "prompt" => "a prompt",
        "audio" => "a choice of sound",
        "duration" => "a duration",
        "seed" => "a seed",
        "aspect_ratio" => "an aspect ratio",
        _ when name.StartsWith(OptionPrefix, StringComparison.Ordinal) => $"the option '{name[OptionPrefix.Length..]}'",
        _ => $"a {name.Replace('_', ' ')}",
    };

    /// <summary>The part of a wire path before an index: <c>image_urls</c> of <c>image_urls[1]</c>.</summary>
    public static string WithoutIndex(string wire) =>
        wire.EndsWith(']') ? wire[..wire.IndexOf('[', StringComparison.Ordinal)] : wire;

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
        .Select(name => model.FindField(name))
        .SelectMany(field => (WireOf(field) is { } wire ? new[] { wire } : [])
            .Concat((field as MediaField)?.Sets?.Keys ?? []))
        .Distinct();
}
