using OmniTools.Errors;

namespace OmniTools.Http;

/// <summary>One request to a provider, made of bytes so that it can be sent again unchanged.</summary>
internal sealed record ApiRequest(HttpMethod Method, string Path)
{
    /// <summary>The body; null for none.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>The type of the body, where there is one.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>Sent as <c>Idempotency-Key</c> when set.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>How long one attempt may take.</summary>
    public TimeSpan Timeout { get; init; } = HttpConstants.ReadTimeout;

    /// <summary>A path segment of any text: an id stays one segment and cannot lead to a parent.</summary>
    public static string Segment(string text) => text is "." or ".."
        ? throw new OmniException(OmniErrorKind.InvalidRequest, "This is not a valid task id",
            new() { Field = "task_id", Received = text })
        : Uri.EscapeDataString(text);
}

/// <summary>An answer, read to its end. The API key is masked in it.</summary>
internal sealed record ApiResponse(int Status, byte[] Body)
{
    /// <summary>How long to wait before asking again, when the server said so.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The provider's id of this exchange.</summary>
    public string? RequestId { get; init; }

    /// <summary>2xx.</summary>
    public bool IsSuccess => Status is >= 200 and < 300;
}

/// <summary>
/// There was no response. <see cref="CertainlyNotSent"/>: no byte of the body left this machine.
/// </summary>
internal sealed class TransportException(string what, bool certainlyNotSent, Exception inner) : Exception(what, inner)
{
    public bool CertainlyNotSent { get; } = certainlyNotSent;
}
