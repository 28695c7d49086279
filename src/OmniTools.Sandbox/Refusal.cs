using System.Text.Json.Nodes;

namespace OmniTools.Sandbox;

/// <summary>A request that the real provider would refuse. Both providers print the same envelope and differ in the types.</summary>
internal sealed class Refusal(int status, string type, string message) : Exception(message)
{
    public int Status => status;

    /// <summary>Wait this long before the next try.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public JsonObject ToJson() => new()
    {
        ["error"] = new JsonObject { ["code"] = status, ["message"] = Message, ["type"] = type },
    };

    public static Refusal Invalid(string message) => new(400, "invalid_request_error", message);

    public static Refusal Unauthenticated() => new(401, "authentication_error", "Invalid token: send Authorization: Bearer <key>");

    public static Refusal NotFound(string what) => new(404, "not_found_error", what);

    public static Refusal MethodNotAllowed() => new(405, "invalid_request_error", "This method is not allowed here");

    public static Refusal RateLimited() => new(429, "rate_limit_error", "Too many requests") { RetryAfter = TimeSpan.FromSeconds(1) };

    public static Refusal Broken(string message) => new(500, "server_error", message);
}
