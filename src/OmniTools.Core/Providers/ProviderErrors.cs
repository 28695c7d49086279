using System.Globalization;
using System.Text.Json;
using OmniTools.Catalog;
using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.VideoTasks;

namespace OmniTools.Providers;

/// <summary>Reads every error envelope the two providers use and maps it to one error with a kind.</summary>
internal static class ProviderErrors
{
    /// <summary>
    /// What an envelope says: <c>{"error":{…}}</c>, <c>{"success":false,"message":…}</c> or
    /// <c>{"code":402,"message":…}</c>; codes are numbers or texts.
    /// </summary>
    internal sealed record Envelope(string? Code, string? Message, string? Type)
    {
        /// <summary>Whether it is explicit: an error object, or <c>"success":false</c>.</summary>
        public bool IsExplicit { get; init; } = true;

        /// <summary>Whether the code or the type is this word.</summary>
        public bool HasCode(string word) =>
            string.Equals(Code, word, StringComparison.OrdinalIgnoreCase)
            || string.Equals(Type, word, StringComparison.OrdinalIgnoreCase);

        /// <summary>
        /// The code as an HTTP status, where it is one; else the status of the types that are failures, not refusals.
        /// </summary>
        public int? Status => int.TryParse(Code, NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            && status is >= 100 and < 600 ? status
            : Type switch { "server_error" => 500, "bad_gateway" => 502, _ => null };
    }

    /// <summary>The envelope in a body; null when it carries no error.</summary>
    public static Envelope? Read(ReadOnlyMemory<byte> body) => JsonValueReader.ReadJson(body, Read);

    private static Envelope? Read(JsonElement root)
    {
        var error = root.Get("error");
        if (error is { ValueKind: JsonValueKind.Object } details)
            return ReadDetails(details);
        if (error is { ValueKind: JsonValueKind.String })
            return new(Text(root, "code"), ProviderText.Clean(JsonValueReader.ReadText(error)), null);
        var refused = root.Get("success") is { ValueKind: JsonValueKind.False };
        var code = Text(root, "code");
        return refused || code is not null and not ("200" or "0" or "success")
            ? new(code, ProviderText.Clean(Text(root, "message") ?? Text(root, "msg")), null) { IsExplicit = refused }
            : null;
    }

    private static Envelope ReadDetails(JsonElement error) =>
        new(Text(error, "code"), ProviderText.Clean(Text(error, "message")), ProviderText.Clean(Text(error, "type")));

    /// <summary>
    /// The error of an answer: its status, or the code in its envelope when the status pretends success. A read, a
    /// balance request or an upload costs nothing (<see cref="Charged.No"/>); for a submission the caller decides.
    /// </summary>
    public static OmniException FromResponse(ApiResponse answer, ProviderSpec provider, DateTimeOffset now,
        Charged charged, string? taskId = null, string? requestKey = null, string? model = null)
    {
        var envelope = Read(answer.Body);
        var status = answer.IsSuccess ? envelope?.Status ?? answer.Status : answer.Status;
        var kind = Kind(status, envelope);
        return new(kind, Describe(kind, status, provider), new()
        {
            Charged = charged,
            WasSent = true,
            Provider = provider.Id,
            TaskId = taskId,
            RequestKey = requestKey,
            ProviderCode = ProviderText.Clean(envelope?.Code),
            ProviderMessage = envelope?.Message,
            HttpStatus = answer.Status,
            RequestId = answer.RequestId,
            RetryAt = answer.RetryAfter is { } wait ? now + wait : null,
            NextStep = Successor(kind, provider, model, envelope)
                ?? NextStep(kind, provider, answer.RetryAfter is { } pause ? now + pause : null),
        });
    }

    /// <summary>A failed task's error in our words. The providers print no rule on what a failed task costs.</summary>
    public static VideoTaskError FromTask(JsonElement? error)
    {
        var envelope = error is { ValueKind: JsonValueKind.Object } given
            ? ReadDetails(given)
            : new(null, ProviderText.Clean(JsonValueReader.ReadText(error)), null);
        return new()
        {
            Kind = IsModeration(envelope) ? OmniErrorKind.ContentRejected : OmniErrorKind.TaskFailed,
            Code = ProviderText.Clean(envelope.Code),
            Message = envelope.Message ?? "The provider gives no reason.",
            Charged = Charged.Unknown,
        };
    }

    /// <summary>Completed without a URL: known to happen where an uploaded clip may not be edited.</summary>
    public static VideoTaskError NoVideo { get; } = new()
    {
        Kind = OmniErrorKind.NoVideo,
        Message =
            "The provider reports the task as completed but gives no video. In regions where uploaded clips cannot be "
            + "edited, such tasks end like this. Ask the provider for a refund with the task id.",
        Charged = Charged.Unknown,
    };

    /// <summary>An answer that is no JSON or has not the shape of the contract.</summary>
    public static OmniException Malformed(ProviderSpec provider, ApiResponse answer, Charged charged,
        string? taskId = null) =>
        new(OmniErrorKind.ProviderUnavailable,
        $"{provider.Name} returned an unexpected response (HTTP {answer.Status}, {answer.Body.Length} bytes)", new()
        {
            Charged = charged,
            WasSent = true,
            Provider = provider.Id,
            TaskId = taskId,
            HttpStatus = answer.Status,
            RequestId = answer.RequestId,
            NextStep = "Call again in a minute; if it stays so, check the base address",
        });

    private static OmniErrorKind Kind(int status, Envelope? envelope) => status switch
    {
        _ when IsModeration(envelope) => OmniErrorKind.ContentRejected,
        401 => OmniErrorKind.Authentication,
        402 => OmniErrorKind.InsufficientBalance,
        403 => OmniErrorKind.Permission,
        404 => OmniErrorKind.NotFound,
        422 => OmniErrorKind.ContentRejected,
        429 => OmniErrorKind.RateLimited,
        >= 400 and < 500 and not (408 or 425) => OmniErrorKind.InvalidRequest,
        _ => OmniErrorKind.ProviderUnavailable,
    };

    private static bool IsModeration(Envelope? envelope) =>
        IsModerationCode(envelope?.Type) || IsModerationCode(envelope?.Code);

    private static bool IsModerationCode(string? word) => word is not null
        && (word.Contains("moderation", StringComparison.OrdinalIgnoreCase)
        || word.Contains("content_policy", StringComparison.OrdinalIgnoreCase)
            || word.Contains("safety", StringComparison.OrdinalIgnoreCase));

    private static string Describe(OmniErrorKind kind, int status, ProviderSpec provider) => kind switch
    {
        OmniErrorKind.Authentication => $"{provider.Name} does not accept the API key (HTTP {status})",
        OmniErrorKind.Permission => $"The API key may not do this at {provider.Name} (HTTP {status})",
        OmniErrorKind.InsufficientBalance => $"The balance at {provider.Name} is not enough (HTTP {status})",
        OmniErrorKind.ContentRejected => $"The content policy of {provider.Name} refused this (HTTP {status})",
        OmniErrorKind.NotFound => $"{provider.Name} knows no such task, model or address (HTTP {status})",
        OmniErrorKind.RateLimited => $"{provider.Name} limits the rate of requests (HTTP {status})",
        OmniErrorKind.InvalidRequest => $"{provider.Name} refused the request (HTTP {status})",
        _ => $"{provider.Name} is failing (HTTP {status})",
    };

    // Providers report in their own words that they no longer have a model.
    private static string? Successor(OmniErrorKind kind, ProviderSpec provider, string? model, Envelope? envelope) =>
        kind is OmniErrorKind.NotFound or OmniErrorKind.InvalidRequest && model is not null
        && provider.FindModel(model)?.Successor is { } successor
        && $"{envelope?.Message} {envelope?.Code}".Contains("model", StringComparison.OrdinalIgnoreCase)
            ? $"If the provider has no such model any more, use its successor '{successor}', whose price may differ"
            : null;

    private static string NextStep(OmniErrorKind kind, ProviderSpec provider, DateTimeOffset? retryAt) => kind switch
    {
        OmniErrorKind.Authentication => $"Check {provider.KeyVariable}",
        OmniErrorKind.Permission => "Check at the provider what this key may do",
        OmniErrorKind.InsufficientBalance => $"Top up the account at {provider.Name}",
        OmniErrorKind.ContentRejected => "Change the prompt or the references",
        OmniErrorKind.NotFound => "Check the id, the provider it belongs to, and the model name",
        OmniErrorKind.InvalidRequest => "Correct what the provider names",
        _ when retryAt is { } at =>
            string.Create(CultureInfo.InvariantCulture, $"Call again after {at.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC"),
        _ => "Call again in a minute",
    };

    private static string? Text(JsonElement element, string name) => element.Get(name) switch
    {
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        var value => JsonValueReader.ReadText(value),
    };
}
