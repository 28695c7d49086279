using System.Text.Json;

namespace OmniTools.Providers.ToApis;

/// <summary>ToAPIs' JSON, field for field. Answers are read leniently: a field of another type than printed is no error.</summary>
internal static class ToApisWire
{
    /// <summary>The answer to the POST and to GET /v1/videos/generations/{id}.</summary>
    public sealed record TaskBody
    {
        public JsonElement? Id { get; init; }
        public JsonElement? ClientBusinessId { get; init; }
        public JsonElement? Model { get; init; }
        public JsonElement? Status { get; init; }
        public JsonElement? Progress { get; init; }
        public JsonElement? CreatedAt { get; init; }
        public JsonElement? CompletedAt { get; init; }
        public JsonElement? ExpiresAt { get; init; }
        public JsonElement? Url { get; init; }
        public JsonElement? Result { get; init; }
        public JsonElement? Error { get; init; }
    }
}
