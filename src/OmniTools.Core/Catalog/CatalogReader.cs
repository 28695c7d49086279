using System.Text.Json;

namespace OmniTools.Catalog;

/// <summary>
/// Reads the embedded catalog field by field. Every first call of a server and every first use of the module waits for it, and a
/// serializer would first have to make, and compile, all that it knows of these types.
/// </summary>
internal static class CatalogReader
{
    public static ProviderSpec[] Providers(JsonElement catalog) => [.. catalog.EnumerateArray().Select(Provider)];

    private static ProviderSpec Provider(JsonElement json) => new()
    {
        Id = Text(json, "id"),
        Name = Text(json, "name"),
        BaseAddress = Text(json, "base_address"),
        KeyVariable = Text(json, "key_variable"),
        ReadsByRequestKey = Flag(json, "reads_by_request_key"),
        CreditsPerDollar = json.TryGetProperty("credits_per_dollar", out var rate) ? rate.GetDecimal() : null,
        IsBalanceInDollars = Flag(json, "balance_in_dollars"),
        DefaultModel = Text(json, "default_model"),
        Models = [.. json.GetProperty("models").EnumerateArray().Select(Model)],
        OtherModels = Model(json.GetProperty("other_models")),
    };

    private static ModelSpec Model(JsonElement json) => new()
    {
        Name = json.TryGetProperty("name", out var name) ? name.GetString()! : "",
        PromptOptional = Flag(json, "prompt_optional"),
        AspectRatios = Texts(json, "aspect_ratios"),
        Durations = json.TryGetProperty("durations", out var seconds) ? [.. seconds.EnumerateArray().Select(each => each.GetInt32())] : null,
        Resolutions = Texts(json, "resolutions"),
        MaxImages = Whole(json, "max_images") ?? 0,
        MaxVideos = Whole(json, "max_videos") ?? 0,
        CanExtend = Flag(json, "extend"),
        ExtendExcludesVideo = Flag(json, "extend_excludes_video"),
        UploadImages = Flag(json, "upload_images"),
        DataVideo = Flag(json, "data_video"),
        MaxVideoSeconds = Whole(json, "max_video_seconds"),
        EstimatedCredits = json.TryGetProperty("estimated_credits", out var credits) ? credits.GetDecimal() : null,
        TypicalSeconds = Whole(json, "typical_seconds"),
    };

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static string[]? Texts(JsonElement json, string name) =>
        json.TryGetProperty(name, out var values) ? [.. values.EnumerateArray().Select(each => each.GetString()!)] : null;

    private static bool Flag(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.GetBoolean();

    private static int? Whole(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetInt32() : null;
}
