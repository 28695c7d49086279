using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using OmniTools.Files;

namespace OmniTools.Saving;

/// <summary>Reads and writes the JSON files beside videos.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
[JsonSerializable(typeof(Sidecar))]
[JsonSerializable(typeof(PartialDownloadMetadata))]
internal sealed partial class SavingJson : JsonSerializerContext
{
    private static SavingJson? relaxed;

    /// <summary>
    /// Prompts stay readable in every script. Also used for reading, so that the type metadata is created once.
    /// </summary>
    public static SavingJson Relaxed =>
        relaxed ??=
        new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The content of a file; null when there is none that can be read.</summary>
    public static T? Read<T>(string path, JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(HeldFile.ReadAllBytes(path), type);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public static Task WriteAsync<T>(string path, T content, JsonTypeInfo<T> type, TimeProvider timeProvider,
        CancellationToken cancellationToken) =>
        AtomicFile.WriteAsync(
            path, JsonSerializer.SerializeToUtf8Bytes(content, type), timeProvider, cancellationToken);
}
