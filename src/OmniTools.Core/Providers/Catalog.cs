using System.Text.Json;
using System.Text.Json.Serialization;
using OmniTools.Errors;

namespace OmniTools.Providers;

/// <summary>The providers and their models: data, read once from the embedded catalog.</summary>
public static class Catalog
{
    private static readonly Lazy<IReadOnlyList<ProviderSpec>> Read = new(() =>
    {
        using var stream = typeof(Catalog).Assembly.GetManifestResourceStream("catalog.json")!;
        return JsonSerializer.Deserialize(stream, CatalogJson.Default.ProviderSpecArray)!;
    });

    /// <summary>All providers.</summary>
    public static IReadOnlyList<ProviderSpec> Providers => Read.Value;

    /// <summary>The provider of this id, in any case; refused when there is none.</summary>
    public static ProviderSpec Provider(string id) =>
        Providers.FirstOrDefault(spec => string.Equals(spec.Id, id, StringComparison.OrdinalIgnoreCase))
        ?? throw new OmniException(OmniErrorKind.InvalidRequest, "There is no such provider")
        {
            Field = "provider",
            Received = ProviderText.Clean(id) ?? "an empty text",
            Allowed = string.Join(", ", Providers.Select(spec => spec.Id)),
        };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ProviderSpec[]))]
internal sealed partial class CatalogJson : JsonSerializerContext;
