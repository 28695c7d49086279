using OmniTools.Catalog;

namespace OmniTools.Mcp.Results;

/// <summary>Describes models in one short line each, because an assistant reads all of them.</summary>
internal static class ModelLines
{
    /// <summary>Up to so many models are described with their options and notes.</summary>
    private const int MaximumDetailed = 6;

    /// <summary>The models of one id or alias, at each provider that has it.</summary>
    public static IReadOnlyList<ModelInfo> Find(OmniClient client, string name) =>
        name.Contains('*', StringComparison.Ordinal) ? [] : client.ListModels(new() { Model = name });

    public static IEnumerable<string> Of(IReadOnlyList<ModelInfo> models, ModelQuery query)
    {
        if (models.Count == 0)
        {
            yield return "No model can do all of this in one clip.";
            yield break;
        }
        yield return $"{models.Count} model{(models.Count == 1 ? "" : "s")}. "
            + "Price: the most that "
            + (query is { Duration: null, Can.Count: 0 } ? "a clip of the default length costs." : "this clip costs.");
        foreach (var provider in models.GroupBy(model => model.Provider))
        {
            yield return provider.Key + (provider.First().IsReady ? ":" : " (has no key):");
            foreach (var model in provider)
                yield return "- " + Describe(model, models.Count <= MaximumDetailed);
        }
    }

    /// <summary>What to leave out of a query that nothing fits.</summary>
    public static string Hint(OmniClient client, ModelQuery query)
    {
        var wider = new List<(string Without, ModelQuery Query)>
        {
            ("aspect_ratio", query with { AspectRatio = null }),
            ("duration_seconds", query with { Duration = null }),
            ("provider", query with { Provider = null }),
        };
        wider.AddRange(
            query.Can.Select(word => ($"can {word}", query with { Can = [.. query.Can.Where(each => each != word)] })));
        var found = wider.Where(each => each.Query != query)
            .Select(each => (each.Without, client.ListModels(each.Query).Count)).Where(each => each.Count > 0)
            .Select(each => $"without {each.Without}: {each.Count}");
        return string.Join("; ", found) is { Length: > 0 } some
            ? $"Models {some}."
            : "Leave out more than one argument.";
    }

    /// <summary>One model: its lengths, formats, abilities and price, in detail with its options and note.</summary>
    public static string Describe(ModelInfo info, bool isDetailed, string beforePrice = "")
    {
        var model = info.Spec;
        var parts = new List<string?>
        {
            info.Model + (info.IsDefault ? " (default)" : ""),
            model.Duration is null ? "length by the model" : $"{Lengths(model)} s",
            Join(model.AspectRatios, " "),
            Join(model.Resolutions, "/")?.ToLowerInvariant(),
            Join([.. Abilities(info)], " "),
            info.EstimatedUsd is { } dollars ? $"{beforePrice}${dollars:0.00##}" : "price unknown",
            info.End is { } end
                ? $"ended {end.EndsOn:yyyy-MM-dd}"
                    + (end.Successor is { } successor ? $", now {successor}" : "") : null,
        };
        if (isDetailed)
        {
            parts.Add(model.Options.Count > 0 ? "options " + string.Join(", ", model.Options.Keys) : null);
            parts.Add(model.Note?.TrimEnd('.'));
        }
        return string.Join("; ", parts.OfType<string>());
    }

    private static string Lengths(ModelSpec model) => model.Duration switch
    {
        { Values: { } values } => string.Join('/', values),
        { Min: { } least, Max: { } most } => $"{least}-{most}",
        var other => $"{other}",
    };

    // The resolutions are listed already.
    private static IEnumerable<string> Abilities(ModelInfo info) =>
        info.Can.Where(word => word is not ("text" or "1080p" or "4k"))
            .Select(word => word == "images" ? $"images<={info.Spec.MaxImages}" : word)
            .Concat(info.Spec.Seed is null ? [] : ["seed"])
            .Concat(info.Spec.NegativePrompt is null ? [] : ["negative_prompt"])
            .Concat(info.Can.Contains("text") ? [] : ["no text alone"]);

    private static string? Join(IReadOnlyList<string>? values, string separator) =>
        values is { Count: > 0 } ? string.Join(separator, values) : null;
}
