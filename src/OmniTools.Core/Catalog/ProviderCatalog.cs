using OmniTools.Errors;

namespace OmniTools.Catalog;

/// <summary>The providers with the models that are known of each.</summary>
public sealed record ProviderCatalog(IReadOnlyList<ProviderSpec> Providers)
{
    /// <summary>What is wrong with the user's file, none of whose models is used then; null when nothing is.</summary>
    public OmniException? Problem { get; init; }

    /// <summary>The provider of this id, in any case; refused when there is none.</summary>
    public ProviderSpec GetProvider(string id) =>
        Providers.FirstOrDefault(spec => string.Equals(spec.Id, id, StringComparison.OrdinalIgnoreCase))
        ?? throw new OmniException(OmniErrorKind.InvalidRequest, "There is no such provider", new()
        {
            Charged = Charged.No, // Nothing was sent.
            Field = "provider",
            Received = ProviderText.Clean(id) ?? "an empty text",
            Allowed = string.Join(", ", Providers.Select(spec => spec.Id)),
        });
}
