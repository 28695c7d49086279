using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace OmniTools.Mcp.Results;

/// <summary>
/// How results become JSON: snake_case, nulls left out, and no more escaping than JSON needs (URLs keep their
/// ampersands). Results are never read, so only the code that writes them is generated.
/// </summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Serialization,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(VideoTaskResult))]
[JsonSerializable(typeof(GenerateVideoResult))]
[JsonSerializable(typeof(GetVideoTaskResult))]
[JsonSerializable(typeof(WaitVideoTaskResult))]
[JsonSerializable(typeof(SaveVideoResult))]
[JsonSerializable(typeof(ListVideoTasksResult))]
[JsonSerializable(typeof(ListModelsResult))]
[JsonSerializable(typeof(ModelResult))]
[JsonSerializable(typeof(ProviderStatusResult))]
internal sealed partial class ResultJson : JsonSerializerContext
{
    /// <summary>For JSON that is shown within a text.</summary>
    public static JsonSerializerOptions RelaxedOptions =>
        field ??= new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A result as text.</summary>
    public static string Serialize<T>(T answer, JsonTypeInfo<T> type) =>
        JsonSerializer.SerializeToNode(answer, type)!.ToJsonString(RelaxedOptions);

    /// <summary><c>OutcomeUnknown</c> becomes <c>outcome_unknown</c>.</summary>
    public static string ToSnakeCase(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
