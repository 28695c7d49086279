namespace OmniTools.Waiting;

/// <summary>The numbers of this folder.</summary>
internal static class WaitingConstants
{
    /// <summary>The first poll of a task without an estimate: ToAPIs' documentation says after about 5 s.</summary>
    public static readonly TimeSpan FirstPoll = TimeSpan.FromSeconds(5);

    /// <summary>The latest first poll of a task with an estimate; before that it is half the estimate.</summary>
    public static readonly TimeSpan LatestFirstPoll = TimeSpan.FromSeconds(10);

    /// <summary>The interval of a young task and of one about to end: APIMart's own client polls every 2 s.</summary>
    public static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(2);

    /// <summary>The interval of an old task: ToAPIs' documentation says every 10 s.</summary>
    public static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(10);

    /// <summary>The age at which the interval has grown to its longest.</summary>
    public static readonly TimeSpan BackoffRampDuration = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How far before and after the expected end, as a part of the expected duration, the short interval holds.
    /// </summary>
    public const double NearEnd = 0.2;

    /// <summary>
    /// How much an interval varies either way, so that tasks submitted together do not stay together.
    /// </summary>
    public const double Jitter = 0.1;

    /// <summary>First poll and interval of a sandbox task: it costs nothing.</summary>
    public static readonly TimeSpan SandboxInterval = TimeSpan.FromSeconds(0.5);

    /// <summary>The longest interval after failed polls; each failure doubles it.</summary>
    public static readonly TimeSpan LongestAfterFailure = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The longest pause a provider's Retry-After makes; a finished video's URL must not expire unseen.
    /// </summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    /// <summary>Polls under way at once, per provider.</summary>
    public const int MaximumInFlight = 8;

    /// <summary>Polls begun in a second, per provider.</summary>
    public const int MaximumPerSecond = 10;
}
