using System.Text.Json;
using System.Text.Json.Serialization;

namespace OmniTools.Providers.ApiMart;

/// <summary>
/// APIMart's JSON, field for field. Answers are read leniently: a field of another type than printed is no error.
/// </summary>
internal static class ApiMartWire
{
    /// <summary>What <c>data</c> holds: an object, or an array with one.</summary>
    public sealed record TaskBody
    {
        public JsonElement? Id { get; init; }
        public JsonElement? TaskId { get; init; }
        public JsonElement? Status { get; init; }
        public JsonElement? Progress { get; init; }
        public JsonElement? Created { get; init; }
        public JsonElement? Completed { get; init; }
        public JsonElement? EstimatedTime { get; init; }
        public JsonElement? Cost { get; init; }
        public JsonElement? CreditsCost { get; init; }
        public JsonElement? Result { get; init; }
        public JsonElement? Error { get; init; }
    }
}

/// <summary>How requests to APIMart are written and its responses read.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ApiMartWire.TaskBody), TypeInfoPropertyName = "ApiMartTask")]
internal sealed partial class ApiMartJson : JsonSerializerContext;
