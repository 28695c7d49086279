namespace OmniTools.Batches;

/// <summary>The numbers of this folder.</summary>
internal static class BatchConstants
{
    /// <summary>The longest name of a batch.</summary>
    public const int MaximumNameLength = 200;

    /// <summary>How many rows that are left open for one reason are reported each; the others are counted.</summary>
    public const int MaximumLinesPerReason = 3;

    /// <summary>How many clips are saved at once.</summary>
    public const int SavesAtOnce = 4;

    /// <summary>How long a run owns its batch after it last renewed the lease.</summary>
    public static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How often a run renews its lease, and writes the report while rows change: many renewals may fail.
    /// </summary>
    public static readonly TimeSpan UpkeepInterval = TimeSpan.FromSeconds(5);

    /// <summary>How often an unknown outcome is tried to be settled in one run, over some 20 minutes.</summary>
    public const int MaximumSettlements = 8;

    /// <summary>How long after midnight submissions go on: clocks of machines differ.</summary>
    public static readonly TimeSpan MidnightMargin = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The shortest time that a batch can be held: PowerShell reads a plain number as so many ticks of 0.1 µs.
    /// </summary>
    public static readonly TimeSpan ShortestRetryFor = TimeSpan.FromSeconds(1);

    /// <summary>The longest time that a batch can be held: a timer takes 49 days.</summary>
    public static readonly TimeSpan LongestRetryFor = TimeSpan.FromDays(30);

    /// <summary>
    /// How long a clip whose download is held keeps its place among those that are saved at once: longer than a refused
    /// URL needs to be known for lost.
    /// </summary>
    public static readonly TimeSpan LongestSave = TimeSpan.FromMinutes(10);

    /// <summary>How long asking for a balance may take before a plan is shown without it.</summary>
    public static readonly TimeSpan BalanceTimeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long one submission takes, for an estimate of the time: providers check references before they answer.
    /// </summary>
    public static readonly TimeSpan TypicalSubmission = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The delay before an attempt at what neither a provider nor a breaker times: 5 seconds, which double up to 10
    /// minutes. The first attempt is 1.
    /// </summary>
    public static TimeSpan GetDelay(int attempt) => TimeSpan.FromSeconds(Math.Min(5 * Math.Pow(2, attempt - 1), 600));

    /// <summary>The delay before an attempt to reach the ledger: 1 second, which doubles up to 60 seconds.</summary>
    public static TimeSpan GetLedgerDelay(int attempt) => TimeSpan.FromSeconds(Math.Min(Math.Pow(2, attempt - 1), 60));
}
