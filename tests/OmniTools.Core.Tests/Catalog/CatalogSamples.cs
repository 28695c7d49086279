using System.Text.Json;
using OmniTools.Catalog;
using OmniTools.Requests;

namespace OmniTools.Core.Tests.Catalog;

/// <summary>
/// Requests made from the catalog: for each model text alone, each kind of media, every field and every option.
/// </summary>
internal static class CatalogSamples
{
    public static IEnumerable<(ProviderSpec Provider, ModelSpec Model)> Models =>
        from provider in ModelCatalog.Providers from model in provider.Models select (provider, model);

    /// <summary>The requests of a model, each with its name. A field that needs another one is given with it.</summary>
    public static IEnumerable<(string Name, VideoRequest Request)> For(ProviderSpec provider, ModelSpec model)
    {
        var text = new VideoRequest { Prompt = "a cat" };
        foreach (var name in CatalogFields.All.Concat(
            model.Options.Keys.Select(option => CatalogFields.OptionPrefix + option)))
        {
            if (model.FindField(name) is null)
                continue;
            var request = name == "prompt" ? text : Give(text, model, name);
            var media = new[] { "first_frame", "images", "videos" }.Where(other => model.FindField(other) is not null);
            var candidates = media.Select(other => Give(request, model, other)).Prepend(request)
                .Append(model.Options.Keys.Aggregate(request,
                (all, option) => Give(all, model, CatalogFields.OptionPrefix + option)));
            yield return (name,
                candidates.FirstOrDefault(each => RequestCheck.CanDo(each, provider, model.Id)) ?? request);
        }
    }

    /// <summary>The request with a field, and a value that passes a test.</summary>
    public static VideoRequest Give(VideoRequest request, ModelSpec model, string name, FieldTest? test = null)
    {
        var value = test?.Values?[0];
        var count = (int)(test?.Min ?? 1);
        return name switch
        {
            "prompt" => request with { Prompt = "a cat" },
            "negative_prompt" => request with { NegativePrompt = "rain" },
            "duration" => request with
            {
                Duration = value is null ? (int)(model.Duration!.Values?[^1] ?? model.Duration.Max ?? 5) : int.Parse(
                    value, null),
            },
            "aspect_ratio" => request with { AspectRatio = value ?? model.AspectRatio!.Values?[^1] ?? "9:16" },
            "resolution" => request with { Resolution = value ?? model.Resolution!.Values?[^1] ?? "720p" },
            "images" => request with
            {
                Images =
                Urls(test is null ? model.Images!.Counts?[^1] ?? model.Images.Max : count, "png")
            },
            "first_frame" => request with { FirstFrame = "https://example.com/first.png" },
            "last_frame" => request with
            {
                LastFrame = "https://example.com/last.png",
                FirstFrame = request.FirstFrame ?? (model.FirstFrame is null ? null : "https://example.com/first.png"),
            },
            "videos" => request with
            {
                Videos =
                Urls(test is null ? model.Videos!.Counts?[^1] ?? model.Videos.Max : count, "mp4")
            },
            "audio" => request with { Audio = value is null || value == "true" },
            "seed" => request with { Seed = 7 },
            "extend" => request with { ExtendFrom = "task_1" },
            _ => request with
            {
                Options = new Dictionary<string, JsonElement>(request.Options)
                {
                    [name[CatalogFields.OptionPrefix.Length..]] =
                        Option(model.Options[name[CatalogFields.OptionPrefix.Length..]], value),
                },
            },
        };
    }

    private static JsonElement Option(OptionField option, string? value) => option switch
    {
        { Type: "string" } => JsonElement.Parse($"\"{value ?? option.Values?[^1].ToString() ?? "text"}\""),
        _ when value is not null => JsonElement.Parse(value),
        { Type: "boolean" } => JsonElement.Parse("true"),
        { Type: "array" } => JsonElement.Parse("""["https://example.com/sound.mp3"]"""),
        { Type: "object" } => JsonElement.Parse("{}"),
        _ => JsonElement.Parse("1"),
    };

    private static IReadOnlyList<string> Urls(int count, string ending) =>
        [.. Enumerable.Range(1, count).Select(i => $"https://example.com/{i}.{ending}")];
}
