namespace OmniTools.Catalog;

/// <summary>One provider of the catalog: where it is, how it is configured, which models are known.</summary>
public sealed record ProviderSpec
{
    /// <summary><c>toapis</c> or <c>apimart</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The name people know.</summary>
    public required string Name { get; init; }

    /// <summary>The base address of its API, unless overridden.</summary>
    public required string BaseAddress { get; init; }

    /// <summary>The environment variable of the API key.</summary>
    public required string KeyVariable { get; init; }

    /// <summary>The environment variable that overrides <see cref="BaseAddress"/>.</summary>
    public string BaseVariable => Variable("BASE_URL");

    /// <summary>The environment variable that overrides <see cref="DefaultModel"/>.</summary>
    public string ModelVariable => Variable("MODEL");

    /// <summary>Whether a task can be read by its request key, which settles an unknown outcome without sending anything that costs.</summary>
    public bool ReadsByRequestKey { get; init; }

    /// <summary>How many of the provider's credits are one US dollar; null where it is not known.</summary>
    public decimal? CreditsPerDollar { get; init; }

    /// <summary>
    /// Whether the provider's balance is in US dollars; otherwise its unit is known only where the answer states
    /// credits.
    /// </summary>
    public bool IsBalanceInDollars { get; init; }

    /// <summary>The model used when none is named.</summary>
    public required string DefaultModel { get; init; }

    /// <summary>The models whose limits are known.</summary>
    public required IReadOnlyList<ModelSpec> Models { get; init; }

    /// <summary>The rules that hold for every other model.</summary>
    public required ModelSpec OtherModels { get; init; }

    /// <summary>The rules for a model by name, and whether the catalog knows it.</summary>
    public ModelSpec Rules(string model, out bool isKnown)
    {
        var known = Models.FirstOrDefault(spec => spec.Name == model);
        isKnown = known is not null;
        return known ?? OtherModels;
    }

    private string Variable(string ending) => $"{Id.ToUpperInvariant()}_{ending}";
}
