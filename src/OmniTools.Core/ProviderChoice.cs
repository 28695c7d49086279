using System.Globalization;
using OmniTools.Catalog;
using OmniTools.Configuration;
using OmniTools.Errors;
using OmniTools.Requests;
using OmniTools.Spending;

namespace OmniTools;

/// <summary>
/// Chooses the provider of a request that names none, by what its default model can do. A model that is not a default
/// is never chosen: its price may be another.
/// </summary>
public static class ProviderChoice
{
    private sealed record Feature(string Words, Func<ModelSpec, bool> IsTaken, Func<VideoRequest, bool> IsRequested);

    private static readonly Feature[] Features =
    [
        new("reference images", model => model.Images is not null, request => request.Images.Count > 0),
        new("a first frame", model => model.FirstFrame is not null, request => request.FirstFrame is not null),
        new("a last frame", model => model.LastFrame is not null, request => request.LastFrame is not null),
        new("a reference video", model => model.Videos is not null, request => request.Videos.Count > 0),
        new("extending a clip", model => model.Extend is not null,
            request => !string.IsNullOrWhiteSpace(request.ExtendFrom)),
        new("a duration", model => model.Duration is not null, request => request.Duration is not null),
        new("a choice of sound", model => model.Audio is not null, request => request.Audio is not null),
        new("a negative prompt", model => model.NegativePrompt is not null,
            request => request.NegativePrompt is not null),
        new("a seed", model => model.Seed is not null, request => request.Seed is not null),
    ];

    /// <summary>
    /// What only one provider's default model can do: <c>apimart: reference images; toapis: a duration</c>.
    /// </summary>
    public static string Differences { get; } = string.Join("; ",
        from spec in ModelCatalog.Providers
        let only = Features.Where(each => each.IsTaken(Default(spec))
            && !ModelCatalog.Providers.Any(other => other != spec && each.IsTaken(Default(other)))).ToList()
        where only.Count > 0
        select $"{spec.Id}: {string.Join(", ", only.Select(each => each.Words))}");

    /// <summary>A sentence about the provider that a request without one goes to.</summary>
    public static string Describe(OmniSettings settings) => settings switch
    {
        { DefaultProvider: not null } => $"Without provider: {settings.ChooseProvider(null).Id} (OMNI_PROVIDER).",
        { ReadyProviders: [var only] } => $"Without provider: {only.Id}, the only one with a key.",
        { ReadyProviders: [] } => "No provider has a key.",
        _ =>
            $"Without provider: the one that can do what is asked ({Differences}); "
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
        // Its own check then says what is wrong with the request.
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
                string.Join(" and ", Features.Where(each => each.IsRequested(request)).Select(each => each.Words)),
            Allowed = string.Join("; ", ready.Select(spec =>
                $"{spec.Id} without {string.Join(" and ", Missing(request, spec, settings))}")),
            NextStep = Alternatives.Describe(request, settings.Catalog, ready, "leave one of them out")
                ?? "Leave one of them out; ask the person who wanted the clip which",
        });

    private static List<string> Missing(VideoRequest request, ProviderSpec spec, OmniSettings settings)
    {
        var rules = Rules(spec, settings, request.Model);
        return [.. Features.Where(each => each.IsRequested(request) && !each.IsTaken(rules))
            .Select(each => each.Words)];
    }

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
