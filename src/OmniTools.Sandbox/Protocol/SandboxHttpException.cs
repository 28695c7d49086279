using System.Text.Json.Nodes;

namespace OmniTools.Sandbox.Protocol;

/// <summary>
/// A request that the real provider would refuse. Both providers print the same envelope and differ in the types.
/// </summary>
internal sealed class SandboxHttpException(int status, string type, string message) : Exception(message)
{
    public int Status => status;

    /// <summary>Wait this long before the next try.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public JsonObject ToJson() => new()
    {
        ["error"] = new JsonObject { ["code"] = status, ["message"] = Message, ["type"] = type },
    };

    public static SandboxHttpException Invalid(string message) => new(400, "invalid_request_error", message);

    public static SandboxHttpException Unauthenticated() =>
        new(401, "authentication_error", "Invalid token: send Authorization: Bearer <key>");

    public static SandboxHttpException NotFound(string what) => new(404, "not_found_error", what);

    public static SandboxHttpException MethodNotAllowed() =>
        new(405, "invalid_request_error", "This method is not allowed here");

    public static SandboxHttpException RateLimited() =>
        new(429, "rate_limit_error", "Too many requests") { RetryAfter = TimeSpan.FromSeconds(1) };

    public static SandboxHttpException ConnectionLost(string message) => new(500, "server_error", message);
}
