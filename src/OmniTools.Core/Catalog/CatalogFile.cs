using System.Text.Json;
using System.Text.Json.Serialization;

namespace OmniTools.Catalog;

/// <summary>A file of the catalog: one that is built in, or the user's.</summary>
internal sealed record CatalogFile
{
    /// <summary>The JSON Schema, for editors.</summary>
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    /// <summary>The providers and their models.</summary>
    public required IReadOnlyList<ProviderSpec> Providers { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(CatalogFile))]
internal sealed partial class CatalogJson : JsonSerializerContext;
