using System.Globalization;
using OmniTools.Diagnostics;

namespace OmniTools.Http;

/// <summary>
/// The attempts of one call. Each passes the circuit breaker first, which holds it where the policy allows that; after
/// one that failed the next is waited for.
/// </summary>
internal sealed class CallAttempts(Retry retry, CircuitBreaker breaker)
{
    private int made;
    private int failedInARow;
    private long? heldSince;

    /// <summary>Whether the call is held while the host is unavailable.</summary>
    public bool CanBeHeld => retry.Policy.HoldFor is not null;

    /// <summary>The outage that this kind of call is held for now; null when there is none.</summary>
    public ProviderHealthNotice? Outage => breaker.Outage;

    /// <summary>
    /// Waits until the call may be made; null: the host did not become available in the time that the call may be held.
    /// </summary>
    public async Task<CircuitPermit?> EnterAsync(CancellationToken cancellationToken)
    {
        made++;
        if (retry.Policy.HoldFor is null)
            return breaker.Bypass();
        if (breaker.Outage is not null)
            heldSince ??= retry.TimeProvider.GetTimestamp();
        return await breaker.EnterAsync(TimeLeft(), retry.Policy.EndHold, cancellationToken);
    }

    /// <summary>
    /// A permit that is not waited for, for a call that may have been accepted before: it is settled whatever else is
    /// held.
    /// </summary>
    public CircuitPermit Bypass()
    {
        made++;
        return breaker.Bypass();
    }

    /// <summary>The last attempt made progress, so the count of failures and the time held begin anew.</summary>
    public void RecordProgress() => (made, failedInARow, heldSince) = (0, 0, null);

    /// <summary>
    /// Waits for the next attempt after one that failed: Retry-After when the server gave one, else a random delay.
    /// While the circuit is open, a call that can be held waits there instead. False: there is no other attempt.
    /// </summary>
    public async Task<bool> WaitAsync(TimeSpan? retryAfter, string reason, CancellationToken cancellationToken,
        bool isHeldAtBreaker = true)
    {
        failedInARow++;
        heldSince ??= retry.TimeProvider.GetTimestamp();
        var policy = retry.Policy;
        if (made >= policy.MaximumAttempts || (policy.HoldFor is null && retryAfter > HttpConstants.LongestRetryAfter))
            return false;
        var delay = retryAfter ?? retry.Delay(failedInARow);
        if (policy.HoldFor is not null)
        {
            if (TimeLeft() is var left && left != Timeout.InfiniteTimeSpan && (left <= TimeSpan.Zero || delay > left))
                return false;
            if (isHeldAtBreaker && breaker.Outage is not null)
                return true;
        }
        var attempts =
            policy.MaximumAttempts is { } most ? string.Create(CultureInfo.InvariantCulture, $" of {most}") : "";
        OmniTrace.Verbose(string.Create(CultureInfo.InvariantCulture,
            $"{reason}; attempt {made + 1}{attempts} in {delay.TotalSeconds:0.0} s"));
        return await DelayAsync(delay, policy.EndHold, cancellationToken);
    }

    // False: the hold has ended.
    private async Task<bool> DelayAsync(TimeSpan delay, CancellationToken endHold, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(endHold, cancellationToken);
        try
        {
            await Task.Delay(delay, retry.TimeProvider, either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private TimeSpan TimeLeft()
    {
        if (retry.Policy.EndHold.IsCancellationRequested)
            return TimeSpan.Zero;
        if (retry.Policy.HoldFor is not { } limit || limit == Timeout.InfiniteTimeSpan)
            return Timeout.InfiniteTimeSpan;
        if (heldSince is not { } since)
            return limit;
        // Never below zero, because minus one millisecond means infinite.
        var left = limit - retry.TimeProvider.GetElapsedTime(since);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
