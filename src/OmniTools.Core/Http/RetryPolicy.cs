namespace OmniTools.Http;

/// <summary>How often one call is tried, and how long it may be held while its provider is unavailable.</summary>
/// <param name="MaximumAttempts">Attempts, the first included; null: as many as <paramref name="HoldFor"/>
/// allows.</param>
/// <param name="HoldFor">How long the call may be held, from its first failure or hold on; null: it is never
/// held.</param>
/// <param name="EndHold">Ends a hold early, as if its time were over.</param>
internal sealed record RetryPolicy(int? MaximumAttempts, TimeSpan? HoldFor, CancellationToken EndHold = default)
{
    /// <summary>
    /// A person waits for the response: up to four attempts within seconds, also while the circuit is open.
    /// </summary>
    public static RetryPolicy Interactive { get; } = new(HttpConstants.MaximumAttempts, null);

    /// <summary>
    /// One poll of a wait: the schedule decides when the next one is made; until then it is held as long as necessary.
    /// </summary>
    public static RetryPolicy Poll { get; } = new(1, Timeout.InfiniteTimeSpan);

    /// <summary>
    /// Work on a list: held while the provider is unavailable. Zero or less is <see cref="Interactive"/>.
    /// </summary>
    public static RetryPolicy Hold(TimeSpan duration, CancellationToken endHold = default) =>
        duration > TimeSpan.Zero ? new(null, duration, endHold) : Interactive;
}
