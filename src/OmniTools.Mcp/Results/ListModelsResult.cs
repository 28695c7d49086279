using OmniTools.Catalog;

namespace OmniTools.Mcp.Results;

/// <summary>What <c>list_models</c> returns.</summary>
/// <param name="Models">The models.</param>
/// <param name="Hint">Where nothing was found: what to leave out.</param>
/// <param name="Warnings">What is wrong with the catalog.</param>
internal sealed record ListModelsResult(
    IReadOnlyList<ModelResult> Models, string? Hint, IReadOnlyList<string>? Warnings)
{
    public static ListModelsResult From(IReadOnlyList<ModelInfo> models, string? hint = null, string? warning = null) =>
        new([.. models.Select(ModelResult.From)], hint, warning is null ? null : [warning]);
}

/// <summary>One model at one provider. Lists that are left out are not checked; empty ones leave no choice.</summary>
/// <remarks><c>Ready</c> is false where the provider has no key; <c>EstimatedUsd</c> is the most that the described
/// clip can cost.</remarks>
internal sealed record ModelResult(
    string Provider, string Model, bool? IsDefault, bool? Ready, IReadOnlyList<string> Can, string? Seconds,
    IReadOnlyList<string>? AspectRatios, IReadOnlyList<string>? Resolutions, int? MaxImages, bool? TakesSeed,
    bool? TakesNegativePrompt, IReadOnlyList<string>? Options, decimal? EstimatedUsd, string? Prices,
    DateOnly? EndsOn, string? Successor, string? Note)
{
    public static ModelResult From(ModelInfo info) => new(
        info.Provider, info.Model, IsDefault: info.IsDefault ? true : null, Ready: info.IsReady ? null : false,
        info.Can, Seconds: info.Spec.Duration?.ToString(), info.Spec.AspectRatios, info.Spec.Resolutions,
        MaxImages: info.Spec.MaxImages > 0 ? info.Spec.MaxImages : null,
        TakesSeed: info.Spec.Seed is null ? null : true,
        TakesNegativePrompt: info.Spec.NegativePrompt is null ? null : true,
        Options: info.Spec.Options.Keys.ToList().NullIfEmpty(),
        info.EstimatedUsd, Prices: info.PriceRange, info.Spec.EndsOn, info.Spec.Successor, info.Spec.Note);
}
