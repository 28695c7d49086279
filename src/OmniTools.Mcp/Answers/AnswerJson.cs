using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace OmniTools.Mcp.Answers;

/// <summary>
/// How answers become JSON: snake_case, nulls left out, and no more escaping than JSON needs (URLs keep their ampersands). They are
/// only ever written: generated code does it without the metadata whose making would be most of the first call's time.
/// </summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Serialization, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TaskAnswer))]
[JsonSerializable(typeof(GenerateAnswer))]
[JsonSerializable(typeof(TaskStateAnswer))]
[JsonSerializable(typeof(WaitAnswer))]
[JsonSerializable(typeof(SaveAnswer))]
[JsonSerializable(typeof(ListAnswer))]
[JsonSerializable(typeof(StatusAnswer))]
internal sealed partial class AnswerJson : JsonSerializerContext
{
    /// <summary>For JSON that is shown within a text.</summary>
    public static JsonSerializerOptions Relaxed => field ??= new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An answer as a text.</summary>
    public static string Text<T>(T answer, JsonTypeInfo<T> type)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(text, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            JsonSerializer.Serialize(writer, answer, type);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    /// <summary><c>OutcomeUnknown</c> becomes <c>outcome_unknown</c>.</summary>
    public static string Word(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
