using System.Text.Json;
using OmniTools.Errors;

namespace OmniTools.Catalog;

/// <summary>The providers and their models: data, read once from the embedded catalog.</summary>
public static class ModelCatalog
{
    private static readonly Lazy<IReadOnlyList<ProviderSpec>> Read = new(() =>
    {
        using var stream = typeof(ModelCatalog).Assembly.GetManifestResourceStream("catalog.json")!;
        using var catalog = JsonDocument.Parse(stream);
        return CatalogReader.Providers(catalog.RootElement);
    });

    /// <summary>All providers.</summary>
    public static IReadOnlyList<ProviderSpec> Providers => Read.Value;

    /// <summary>The provider of this id, in any case; refused when there is none.</summary>
    public static ProviderSpec Provider(string id) =>
        Providers.FirstOrDefault(spec => string.Equals(spec.Id, id, StringComparison.OrdinalIgnoreCase))
        ?? throw new OmniException(OmniErrorKind.InvalidRequest, "There is no such provider")
        {
            Charged = Charged.No, // Nothing was sent.
            Field = "provider",
            Received = ProviderText.Clean(id) ?? "an empty text",
            Allowed = string.Join(", ", Providers.Select(spec => spec.Id)),
        };
}
