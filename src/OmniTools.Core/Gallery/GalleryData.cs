using System.Text.Json.Serialization;

namespace OmniTools.Gallery;

/// <summary>What the page's script reads.</summary>
internal sealed record GalleryData
{
    /// <summary><c>file</c> for a page that a person opens, <c>chat</c> for the view in a conversation.</summary>
    public required string View { get; init; }

    /// <summary>The version that made the page.</summary>
    public required string Version { get; init; }

    /// <summary>How many credits are one US dollar.</summary>
    public required decimal CreditsPerDollar { get; init; }

    /// <summary>The providers with a model that continues clips; for the view in a conversation.</summary>
    public IReadOnlyList<string>? Extending { get; init; }

    public required IReadOnlyList<GalleryClip> Clips { get; init; }
}

// The default encoder escapes < > & ' and everything that is not ASCII: nothing in a prompt can end the script element.
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Serialization,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GalleryData))]
internal sealed partial class GalleryJson : JsonSerializerContext;
