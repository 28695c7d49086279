using System.Globalization;
using OmniTools.Catalog;
using OmniTools.Configuration;
using OmniTools.Errors;
using OmniTools.Requests;
using OmniTools.Spending;

namespace OmniTools;

/// <summary>
/// Chooses the provider of a request that names none, by what its default model can do. A model that is not a default
/// is never chosen, because its price may differ.
/// </summary>
internal static class ProviderChoice
{
    // The others hold for every model, or their values decide.
    private static readonly CatalogField[] Features = Array.ConvertAll(
        ["images", "first_frame", "last_frame", "videos", "extend", "duration", "audio", "negative_prompt", "seed"],
        (string name) => CatalogFields.Find(name)!);

    /// <summary>
    /// The features that only one provider's default model has: <c>apimart: reference images; toapis: a duration</c>.
    /// </summary>
    public static string Differences { get; } = string.Join("; ",
        from spec in ModelCatalog.Providers
        let only = Features.Where(each => each.FindSpec(Default(spec)) is not null
            && !ModelCatalog.Providers.Any(other => other != spec && each.FindSpec(Default(other)) is not null))
            .ToList()
        where only.Count > 0
        select $"{spec.Id}: {string.Join(", ", only.Select(ToWords))}");

    /// <summary>A sentence about the provider that a request without one goes to.</summary>
    public static string Describe(OmniSettings settings) => settings switch
    {
        { DefaultProvider: not null } => $"Without provider: {settings.ChooseProvider(null).Id} (OMNI_PROVIDER).",
        { ReadyProviders: [var only] } => $"Without provider: {only.Id}, the only one with a key.",
        { ReadyProviders: [] } => "No provider has a key.",
        _ =>
            $"Without provider: the one that can do what is requested ({Differences}); "
            + (settings.IsSandbox ? "in the sandbox the first where several can." : "pass provider where several can."),
    };

    internal static ProviderSpec Choose(VideoRequest request, OmniSettings settings)
    {
        if (!string.IsNullOrWhiteSpace(request.Provider) || settings.DefaultProvider is not null)
            return settings.ChooseProvider(request.Provider);
        var owners = string.IsNullOrWhiteSpace(request.Model) ? []
            : settings.Catalog.Providers.Where(spec => spec.FindModel(request.Model.Trim()) is not null).ToList();
        if (owners is [var owner])
            return owner;
        var ready = settings.ReadyProviders;
        if (owners.Count > 0 && owners.Any(ready.Contains))
            ready = [.. owners.Where(ready.Contains)];
        if (ready is [var only])
            return only;
        if (ready.Count == 0)
            return settings.ChooseProvider(null);
        var able =
            ready.Where(spec => RequestCheck.CanDo(request, spec, settings.GetModel(spec, request.Model))).ToList();
        if (able.Count == 1 || (able.Count > 1 && settings.IsSandbox))
            return able[0];
        if (able.Count > 1)
            throw Several(request, able, settings);
        // The check at that provider then reports what is wrong with the request.
        return ready.FirstOrDefault(spec => Missing(request, spec, settings).Count == 0)
            ?? throw None(request, ready, settings);
    }

    private static OmniException Several(VideoRequest request, IReadOnlyList<ProviderSpec> able,
        OmniSettings settings) =>
        new(OmniErrorKind.InvalidRequest, "Several providers can make this clip, so one has to be named", new()
        {
            Charged = Charged.No, // Nothing was sent.
            Field = "provider",
            Received = "none",
            Allowed = string.Join("; ", able.Select(spec => Describe(request, spec, settings))),
            NextStep = "Pass provider, or set OMNI_PROVIDER for every call",
        });

    private static OmniException None(VideoRequest request, IReadOnlyList<ProviderSpec> ready, OmniSettings settings) =>
        new(OmniErrorKind.InvalidRequest, "No provider can do all of this in one clip with its default model", new()
        {
            Charged = Charged.No, // Nothing was sent.
            Received =
                string.Join(" and ", Features.Where(each => each.IsGiven(request)).Select(ToWords)),
            Allowed = string.Join("; ", ready.Select(spec =>
                $"{spec.Id} without {string.Join(" and ", Missing(request, spec, settings))}")),
            NextStep = Alternatives.Describe(request, settings.Catalog, ready, "leave one of them out")
                ?? "Leave one of them out; ask the person who wanted the clip which",
        });

    private static List<string> Missing(VideoRequest request, ProviderSpec spec, OmniSettings settings)
    {
        var rules = Rules(spec, settings, request.Model);
        return [.. Features.Where(each => each.IsGiven(request) && each.FindSpec(rules) is null).Select(ToWords)];
    }

    private static string ToWords(CatalogField field) => field.Name == "extend" ? "extending a clip" : field.Words;

    private static string Describe(VideoRequest request, ProviderSpec spec, OmniSettings settings)
    {
        var rules = Rules(spec, settings, request.Model);
        var length = rules.Duration is { } duration ? $"{duration} s" : "length by the prompt";
        var images = rules.MaxImages == 0
            ? "no images" : string.Create(CultureInfo.InvariantCulture, $"up to {rules.MaxImages} images");
        var price = spec.EstimateCredits(rules, request.Duration, request.Resolution, request.Audio);
        return $"{spec.Id} ({length}, {images}, {Money.Price(price, spec)})";
    }

    private static ModelSpec Default(ProviderSpec spec) => spec.Rules(spec.DefaultModel, out _);

    private static ModelSpec Rules(ProviderSpec spec, OmniSettings settings, string? model) =>
        spec.Rules(settings.GetModel(spec, model), out _);
}
