namespace OmniTools.Catalog;

/// <summary>Which models to list. A property that is not set does not filter.</summary>
public sealed record ModelQuery
{
    /// <summary>The provider.</summary>
    public string? Provider { get; init; }

    /// <summary>A model by id or alias; <c>*</c> stands for any text.</summary>
    public string? Model { get; init; }

    /// <summary>
    /// What one clip of the model has to be able to do, all at once: words of <see cref="ModelCapability.All"/>.
    /// </summary>
    public IReadOnlyList<string> Can { get; init; } = [];

    /// <summary>The aspect ratio of the clip.</summary>
    public string? AspectRatio { get; init; }

    /// <summary>The length of the clip, in seconds.</summary>
    public int? Duration { get; init; }
}

/// <summary>A model in a list, with the price of the clip that the query describes.</summary>
public sealed record ModelInfo
{
    /// <summary>The provider's id.</summary>
    public required string Provider { get; init; }

    /// <summary>The model's id.</summary>
    public required string Model { get; init; }

    /// <summary>What it takes.</summary>
    public required ModelSpec Spec { get; init; }

    /// <summary>Whether the provider uses it when no model is named.</summary>
    public bool IsDefault { get; init; }

    /// <summary>Whether the provider has a key, or the sandbox answers.</summary>
    public bool IsReady { get; init; }

    /// <summary>What it can do, in the words of <see cref="ModelCapability.All"/>.</summary>
    public IReadOnlyList<string> Can => Spec.Capabilities;

    /// <summary>The most that the clip of the query can cost, in US dollars; null when not known.</summary>
    public decimal? EstimatedUsd { get; init; }

    /// <summary>The same in the provider's credits; null when not known.</summary>
    public decimal? ProviderCredits { get; init; }

    /// <summary>The list prices of all its clips: <c>$0.0840 to $0.5357 a second</c>; null when not known.</summary>
    public string? PriceRange { get; init; }

    /// <summary>The announced end, where it has passed.</summary>
    public ModelEnd? End { get; init; }
}

/// <summary>What a provider offers now, compared with the catalog.</summary>
/// <param name="Provider">The provider's id.</param>
/// <param name="All">The ids of all video models that it offers.</param>
/// <param name="New">Those that the catalog does not know.</param>
/// <param name="Gone">Models of the catalog that it does not offer.</param>
public sealed record OnlineModels(string Provider, IReadOnlyList<string> All, IReadOnlyList<string> New,
    IReadOnlyList<string> Gone);
