using OmniTools.Catalog;

namespace OmniTools.Mcp.Results;

/// <summary>What <c>list_models</c> returns.</summary>
internal sealed class ListModelsResult
{
    public required IReadOnlyList<ModelResult> Models { get; init; }

    /// <summary>Where nothing was found: what to leave out.</summary>
    public string? Hint { get; init; }

    public IReadOnlyList<string>? Warnings { get; init; }

    public static ListModelsResult From(IReadOnlyList<ModelInfo> models, string? hint = null, string? warning = null) =>
        new()
        {
            Models = [.. models.Select(ModelResult.From)],
            Hint = hint,
            Warnings = warning is null ? null : [warning],
        };
}

/// <summary>One model at one provider. Lists that are left out are not checked; empty ones leave no choice.</summary>
internal sealed class ModelResult
{
    public required string Provider { get; init; }
    public required string Model { get; init; }
    public bool? IsDefault { get; init; }

    /// <summary>False where the provider has no key.</summary>
    public bool? Ready { get; init; }

    public required IReadOnlyList<string> Can { get; init; }
    public string? Seconds { get; init; }
    public IReadOnlyList<string>? AspectRatios { get; init; }
    public IReadOnlyList<string>? Resolutions { get; init; }
    public int? MaxImages { get; init; }
    public bool? TakesSeed { get; init; }
    public bool? TakesNegativePrompt { get; init; }
    public IReadOnlyList<string>? Options { get; init; }

    /// <summary>The most that the described clip can cost.</summary>
    public decimal? EstimatedUsd { get; init; }

    public string? Prices { get; init; }
    public DateOnly? EndsOn { get; init; }
    public string? Successor { get; init; }
    public string? Note { get; init; }

    public static ModelResult From(ModelInfo info) => new()
    {
        Provider = info.Provider,
        Model = info.Model,
        IsDefault = info.IsDefault ? true : null,
        Ready = info.IsReady ? null : false,
        Can = info.Can,
        Seconds = info.Spec.Duration?.ToString(),
        AspectRatios = info.Spec.AspectRatios,
        Resolutions = info.Spec.Resolutions,
        MaxImages = info.Spec.MaxImages > 0 ? info.Spec.MaxImages : null,
        TakesSeed = info.Spec.Seed is null ? null : true,
        TakesNegativePrompt = info.Spec.NegativePrompt is null ? null : true,
        Options = info.Spec.Options.Count > 0 ? [.. info.Spec.Options.Keys] : null,
        EstimatedUsd = info.EstimatedUsd,
        Prices = info.PriceRange,
        EndsOn = info.Spec.EndsOn,
        Successor = info.Spec.Successor,
        Note = info.Spec.Note,
    };
}
