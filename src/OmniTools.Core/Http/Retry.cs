namespace OmniTools.Http;

/// <summary>Whether and when an exchange is tried again: one rule for reads, submissions and downloads. Clock and randomness are injected.</summary>
internal sealed class Retry(TimeProvider time, Func<double> random, RetryQuota quota, int attempts = HttpConstants.MaximumAttempts)
{
    /// <summary>The clock everything here waits on.</summary>
    public TimeProvider Time => time;

    /// <summary>
    /// Waits for the next attempt: Retry-After when the server gave one, else a random delay whose ceiling doubles from 0.5 s
    /// to 20 s. Attempt 0 is one that brought something before it broke: to go on after it costs no quota. False when there shall be none: attempts or quota used up, or the server asks for more than 120 s.
    /// </summary>
    public async Task<bool> WaitAsync(int attempt, bool throttled, TimeSpan? retryAfter, string reason, CancellationToken stop)
    {
        if (attempt >= attempts || retryAfter > HttpConstants.LongestRetryAfter || (attempt > 0 && !quota.TryTake(throttled)))
            return false;
        var delay = retryAfter ?? Delay(attempt);
        OmniTrace.Verbose(FormattableString.Invariant($"{reason}; attempt {attempt + 1} of {attempts} in {delay.TotalSeconds:0.0} s"));
        await Task.Delay(delay, time, stop);
        return true;
    }

    /// <summary>A success earns quota.</summary>
    public void Succeeded() => quota.Earn();

    /// <summary>The statuses after which a read is tried again.</summary>
    public static bool IsTransient(int status) => status is 408 or 425 or 429 or 500 or 502 or 503 or 504;

    /// <summary>The statuses that mean: too much at once.</summary>
    public static bool IsThrottled(int status) => status is 429 or 503;

    private TimeSpan Delay(int attempt)
    {
        var ceiling = Math.Min(HttpConstants.FirstDelay.TotalSeconds * Math.Pow(2, attempt - 1), HttpConstants.LongestDelay.TotalSeconds);
        return TimeSpan.FromSeconds(random() * ceiling);
    }
}
