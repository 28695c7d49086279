namespace OmniTools.Http;

/// <summary>How a call passed its circuit breaker.</summary>
internal enum CallPassage
{
    /// <summary>It is not held, whatever the state.</summary>
    Bypass,
    /// <summary>The circuit was closed.</summary>
    Free,
    /// <summary>It finds out whether the host is available again.</summary>
    Probe,
    /// <summary>One of the few calls after a probe that succeeded.</summary>
    Recovering,
}

/// <summary>
/// One call that may be made. Its result is reported once; without one, disposing it gives its place to another call.
/// </summary>
internal sealed class CircuitPermit(CircuitBreaker breaker, CallPassage passage) : IDisposable
{
    private bool isReported;

    /// <summary>The host responded, with whatever result.</summary>
    public void RecordSuccess()
    {
        if (TryReport())
            breaker.RecordSuccess(passage);
    }

    /// <summary>
    /// The call failed. <paramref name="isUnavailable"/>: the host takes no calls now or cannot be reached, which opens
    /// the circuit at once; other failures open it when several occur in a row.
    /// </summary>
    public void RecordFailure(bool isUnavailable, TimeSpan? retryAfter, string reason)
    {
        if (TryReport())
            breaker.RecordFailure(passage, isUnavailable, retryAfter, reason);
    }

    public void Dispose()
    {
        if (TryReport())
            breaker.RecordAbandoned(passage);
    }

    private bool TryReport() => !isReported && (isReported = true);
}
