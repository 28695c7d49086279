namespace OmniTools.Errors;

/// <summary>
/// The kind of error that an <see cref="OmniException"/> or a failed task reports. Stable: scripts switch on it.
/// </summary>
/// <remarks>64 bits wide, because ConvertTo-Json writes such enums as words and others as numbers.</remarks>
public enum OmniErrorKind : long
{
    /// <summary>The request breaks a rule of the provider or model, or contradicts itself.</summary>
    InvalidRequest,
    /// <summary>
    /// A setting is missing or unusable: no provider chosen, a limit that is no number, a bad base address.
    /// </summary>
    InvalidConfiguration,
    /// <summary>No API key, or the provider does not accept it (HTTP 401).</summary>
    Authentication,
    /// <summary>The key is valid but may not do this (HTTP 403).</summary>
    Permission,
    /// <summary>The account has not enough balance (HTTP 402).</summary>
    InsufficientBalance,
    /// <summary>The provider's content policy refused the prompt or a reference (HTTP 422).</summary>
    ContentRejected,
    /// <summary>No such task, model or endpoint (HTTP 404).</summary>
    NotFound,
    /// <summary>Too many requests (HTTP 429).</summary>
    RateLimited,
    /// <summary>
    /// The provider cannot be reached or is failing; the request was certainly not accepted, or was only a read.
    /// </summary>
    ProviderUnavailable,
    /// <summary>A submission was sent and its outcome is not known: it may have been accepted and billed.</summary>
    OutcomeUnknown,
    /// <summary>The same content, or the same request key with other content, was given before.</summary>
    DuplicateRequest,
    /// <summary>The provider accepted the task and could not finish it.</summary>
    TaskFailed,
    /// <summary>The provider says completed, and there is no video.</summary>
    NoVideo,
    /// <summary>The video's URL is no longer served and the provider gives no new one.</summary>
    ResultExpired,
    /// <summary>The time given for a wait or a call is over. The task goes on.</summary>
    TimedOut,
    /// <summary>A spend limit of the user would be passed.</summary>
    LimitReached,
    /// <summary>
    /// The download or its destination is not acceptable: not a video, too large, a forbidden address or path.
    /// </summary>
    OutputRefused,
    /// <summary>The ledger cannot be read or written: without it nothing is bought.</summary>
    LedgerUnavailable,
}
