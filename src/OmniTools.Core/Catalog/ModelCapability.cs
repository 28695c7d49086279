namespace OmniTools.Catalog;

/// <summary>What a model can do, in the words that lists are filtered by.</summary>
public static class ModelCapability
{
    private static readonly (string Word, Func<ModelSpec, bool> Has)[] Words =
    [
        ("text", model => !model.Required.Any(IsMedia) && model.Prompt is not null),
        ("images", model => model.Images is not null),
        ("first_frame", model => model.FirstFrame is not null),
        ("last_frame", model => model.LastFrame is not null),
        ("video", model => model.Videos is not null),
        ("audio", model => model.Audio is not null),
        ("extend", model => model.Extend is not null),
        ("1080p", model => HasResolution(model, "1080p")),
        ("4k", model => HasResolution(model, "4k")),
    ];

    /// <summary>All words.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Words.Select(each => each.Word)];

    internal static IReadOnlyList<string> Of(ModelSpec model) =>
        [.. Words.Where(each => each.Has(model)).Select(each => each.Word)];

    private static bool HasResolution(ModelSpec model, string resolution) =>
        model.Resolution?.Values?.Contains(resolution, StringComparer.OrdinalIgnoreCase) == true;

    private static bool IsMedia(string field) =>
        field is "images" or "first_frame" or "last_frame" or "videos" or "extend";
}
