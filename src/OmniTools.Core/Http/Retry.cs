namespace OmniTools.Http;

/// <summary>
/// When calls are tried again: one rule for reads, submissions and downloads. Clock and randomness are injected.
/// </summary>
internal sealed class Retry(TimeProvider timeProvider, Func<double> randomizer, CircuitBreakers breakers,
    RetryPolicy? policy = null)
{
    /// <summary>The clock everything here waits on.</summary>
    public TimeProvider TimeProvider => timeProvider;

    /// <summary>
    /// How often calls are tried and how long they are held. The default is <see cref="RetryPolicy.Interactive"/>.
    /// </summary>
    public RetryPolicy Policy { get; } = policy ?? RetryPolicy.Interactive;

    /// <summary>The same clock, randomness and breakers with another policy.</summary>
    public Retry With(RetryPolicy other) => new(timeProvider, randomizer, breakers, other);

    /// <summary>The attempts of one call to a host.</summary>
    public CallAttempts Begin(string host, string name, CallKind kind) => new(this, breakers.Get(host, name, kind));

    /// <summary>The random delay after an attempt, counted from 1: its ceiling doubles from 0.5 s to 20 s.</summary>
    public TimeSpan Delay(int attempt)
    {
        var ceiling = HttpConstants.FirstDelay.TotalSeconds * Math.Pow(2, Math.Clamp(attempt - 1, 0, 10));
        return TimeSpan.FromSeconds(randomizer() * Math.Min(ceiling, HttpConstants.LongestDelay.TotalSeconds));
    }

    /// <summary>The statuses after which a read is tried again.</summary>
    public static bool IsTransient(int status) => status is 408 or 425 or 429 or 500 or 502 or 503 or 504;

    /// <summary>The statuses that mean: no calls now.</summary>
    public static bool IsUnavailable(int status) => status is 429 or 503;
}
