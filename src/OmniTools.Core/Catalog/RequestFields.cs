using System.Globalization;
using System.Text.Json;
using OmniTools.Requests;

namespace OmniTools.Catalog;

/// <summary>Reads a request's fields by their names in the catalog.</summary>
internal static class RequestFields
{
    /// <summary>What a request says in a field; the model's default where it says nothing.</summary>
    public static FieldValue Get(VideoRequest request, ModelSpec model, string name) => name switch
    {
        "prompt" => Text(request.Prompt),
        "negative_prompt" => Text(request.NegativePrompt),
        "duration" => Number(request.Duration, model.Duration?.Default),
        "aspect_ratio" => Text(request.AspectRatio, model.AspectRatio?.Default),
        "resolution" => Text(request.Resolution, model.Resolution?.Default),
        "images" => Media(request.Images.Count),
        "first_frame" => Media(request.FirstFrame is null ? 0 : 1),
        "last_frame" => Media(request.LastFrame is null ? 0 : 1),
        "videos" => Media(request.Videos.Count),
        "audio" => Text(Flag(request.Audio), Flag(model.Audio?.Default)),
        "seed" => Number(request.Seed, model.Seed?.Default),
        "extend" => Text(request.ExtendFrom),
        _ => Option(request, model, name[CatalogFields.OptionPrefix.Length..]),
    };

    /// <summary>The same request without a field.</summary>
    public static VideoRequest Without(VideoRequest request, string name) => name switch
    {
        "prompt" => request with { Prompt = null },
        "negative_prompt" => request with { NegativePrompt = null },
        "duration" => request with { Duration = null },
        "aspect_ratio" => request with { AspectRatio = null },
        "resolution" => request with { Resolution = null },
        "images" => request with { Images = [] },
        "first_frame" => request with { FirstFrame = null },
        "last_frame" => request with { LastFrame = null },
        "videos" => request with { Videos = [] },
        "audio" => request with { Audio = null },
        "seed" => request with { Seed = null },
        "extend" => request with { ExtendFrom = null },
        _ => request with
        {
            Options = request.Options.Where(option => CatalogFields.OptionPrefix + option.Key != name)
                .ToDictionary(option => option.Key, option => option.Value),
        },
    };

    private static FieldValue Option(VideoRequest request, ModelSpec model, string path)
    {
        var isGiven = request.Options.TryGetValue(path, out var given);
        JsonElement? value = isGiven ? given : model.Options.GetValueOrDefault(path)?.Default;
        return new(isGiven, value is { } known ? ToText(known) : null,
            value is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var whole) ? whole
            : value is { ValueKind: JsonValueKind.Array } array ? array.GetArrayLength() : null);
    }

    private static string ToText(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => value.ToString(),
    };

    private static FieldValue Text(string? given, string? standard = null) =>
        new(given is not null, given ?? standard, null);

    private static FieldValue Number(long? given, long? standard) =>
        new(given is not null, (given ?? standard)?.ToString(CultureInfo.InvariantCulture), given ?? standard);

    private static FieldValue Media(int count) => new(count > 0, null, count);

    private static string? Flag(bool? given) => given switch { true => "true", false => "false", null => null };
}
