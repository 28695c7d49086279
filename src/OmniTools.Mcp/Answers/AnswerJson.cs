using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OmniTools.Mcp.Answers;

/// <summary>How answers become JSON: snake_case, nulls left out, and no more escaping than JSON needs (URLs keep their ampersands).</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TaskAnswer))]
[JsonSerializable(typeof(GenerateAnswer))]
[JsonSerializable(typeof(TaskStateAnswer))]
[JsonSerializable(typeof(WaitAnswer))]
[JsonSerializable(typeof(SaveAnswer))]
[JsonSerializable(typeof(ListAnswer))]
[JsonSerializable(typeof(StatusAnswer))]
internal sealed partial class AnswerJson : JsonSerializerContext
{
    public static AnswerJson Plain => field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>For JSON that is shown within a text.</summary>
    public static JsonSerializerOptions Relaxed => Plain.Options;

    /// <summary><c>OutcomeUnknown</c> becomes <c>outcome_unknown</c>.</summary>
    public static string Word(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
