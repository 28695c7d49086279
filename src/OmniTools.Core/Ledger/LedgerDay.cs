using OmniTools.VideoTasks;

namespace OmniTools.Ledger;

/// <summary>One purchase of a day: a request that was sent and not refused, one of unknown outcome included.</summary>
internal sealed record CountedRequest(string RequestKey, string Provider, VideoTaskStatus Status, decimal? Estimate,
    decimal? Credits, decimal? Cost);

/// <summary>
/// What has to be known before buying: today's purchases by all processes and machines that share the ledger.
/// </summary>
internal sealed record LedgerDay
{
    /// <summary>The ledger's clock: this machine's, or the server's.</summary>
    public required DateTimeOffset Clock { get; init; }

    /// <summary>When the latest attempt of all began.</summary>
    public required DateTimeOffset Newest { get; init; }

    /// <summary>The purchases of the day of <see cref="Now"/>.</summary>
    public required IReadOnlyList<CountedRequest> Requests { get; init; }

    /// <summary>The request key of an unsettled request with the same content; null when there is none.</summary>
    public string? Duplicate { get; init; }

    /// <summary>
    /// The time to count by: never before the newest attempt, or a clock a few minutes behind would count an empty day.
    /// </summary>
    public DateTimeOffset Now => Clock > Newest ? Clock : Newest;

    /// <summary>Whether the clock is so far behind that today's purchases cannot be counted.</summary>
    public bool IsClockBehind => Newest - Clock > LedgerConstants.ClockTolerance;

    /// <summary>Whether a request counts today already.</summary>
    public bool IsCounted(string requestKey) => Requests.Any(request => request.RequestKey == requestKey);

    /// <summary>The UTC day of a time.</summary>
    public static DateOnly GetDay(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);
}
