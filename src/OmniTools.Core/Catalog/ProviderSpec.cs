using System.Text.Json.Serialization;
using OmniTools.Configuration;
using OmniTools.Requests;
using OmniTools.Spending;

namespace OmniTools.Catalog;

/// <summary>
/// One provider of the catalog: where it is, how it is configured, which models are known. Two are equal when their ids
/// are: a user's catalog changes the models and nothing else.
/// </summary>
public sealed record ProviderSpec
{
    /// <summary><c>toapis</c> or <c>apimart</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The name people know.</summary>
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>The base address of its API, unless overridden.</summary>
    public string BaseAddress { get; init => field = value ?? ""; } = "";

    /// <summary>The environment variable of the API key.</summary>
    public string KeyVariable { get; init => field = value ?? ""; } = "";

    /// <summary>The environment variable that overrides <see cref="BaseAddress"/>.</summary>
    public string BaseVariable => ProviderVariables.GetName(Id, "BASE_URL");

    /// <summary>
    /// Whether a task can be read by its request key, which settles an unknown outcome without sending anything that
    /// costs.
    /// </summary>
    public bool ReadsByRequestKey { get; init; }

    /// <summary>How many of the provider's credits are one US dollar; null where it is not known.</summary>
    public decimal? CreditsPerDollar { get; init; }

    /// <summary>
    /// Whether the provider's balance is in US dollars; otherwise its unit is known only where the answer states
    /// credits.
    /// </summary>
    [JsonPropertyName("balance_in_dollars")]
    public bool IsBalanceInDollars { get; init; }

    /// <summary>How many times the effective price the list price is. The default is 1.</summary>
    public decimal ListPriceFactor { get; init => field = value == 0 ? 1 : value; } = 1;

    /// <summary>The order of the fields in the request's JSON, by their names in the catalog.</summary>
    public IReadOnlyList<string> FieldOrder { get; init => field = value ?? CatalogFields.All; } = CatalogFields.All;

    /// <summary>The model used when none is named.</summary>
    public string DefaultModel { get; init => field = value ?? ""; } = "";

    /// <summary>The models whose limits are known.</summary>
    public required IReadOnlyList<ModelSpec> Models { get; init; }

    /// <summary>The rules that hold for every other model.</summary>
    public ModelSpec OtherModels { get; init => field = value ?? new(); } = new();

    /// <summary>The rules for a model by id or alias, and whether the catalog knows it.</summary>
    public ModelSpec Rules(string model, out bool isKnown)
    {
        var known = FindModel(model);
        isKnown = known is not null;
        return known ?? OtherModels;
    }

    /// <summary>The model of this id or alias, in any case; null when the catalog does not know it.</summary>
    public ModelSpec? FindModel(string model) =>
        Models.FirstOrDefault(spec => spec.Id == model)
        ?? Models.FirstOrDefault(spec => spec.Id.Equals(model, StringComparison.OrdinalIgnoreCase))
        ?? Models.FirstOrDefault(spec => spec.Aliases.Contains(model, StringComparer.OrdinalIgnoreCase));

    /// <summary>
    /// What a clip of a model costs at most, in credits of the limit, 10 for one US dollar, from text alone; null when
    /// not known. A value that is left out is the model's default.
    /// </summary>
    public decimal? EstimateCredits(ModelSpec model, int? duration = null, string? resolution = null,
        bool? audio = null)
    {
        var request = new VideoRequest { Duration = duration, Resolution = resolution, Audio = audio };
        return PriceEstimate.InDollars(new(request, this, model, [])) * Money.CreditsPerDollar;
    }

    /// <inheritdoc/>
    public bool Equals(ProviderSpec? other) => Id == other?.Id;

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode(StringComparison.Ordinal);
}
