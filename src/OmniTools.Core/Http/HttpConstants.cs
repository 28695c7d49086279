namespace OmniTools.Http;

/// <summary>The numbers of this folder.</summary>
internal static class HttpConstants
{
    /// <summary>Attempts at one exchange, the first included.</summary>
    public const int MaximumAttempts = 4;

    /// <summary>The first ceiling of the random delay between attempts; it doubles with each.</summary>
    public static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(0.5);

    /// <summary>The last ceiling of the random delay.</summary>
    public static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Failures in a row that open a circuit; one is enough where the host says that it takes no calls now.
    /// </summary>
    public const int FailuresUntilOpen = 3;

    /// <summary>
    /// The ceiling of the random interval to the first probe of an open circuit; it doubles with each that fails.
    /// </summary>
    public static readonly TimeSpan FirstProbeInterval = TimeSpan.FromSeconds(1);

    /// <summary>The last ceiling of the random interval between probes.</summary>
    public static readonly TimeSpan LongestProbeInterval = TimeSpan.FromSeconds(60);

    /// <summary>Calls at once after a probe that succeeded; twice as many after each further success.</summary>
    public const int CallsAfterProbe = 1;

    /// <summary>So many calls at once are as good as all: the circuit is closed.</summary>
    public const int MaximumRecoveringCalls = 16;

    /// <summary>An outage that is shorter is not reported.</summary>
    public static readonly TimeSpan ShortestReportedOutage = TimeSpan.FromSeconds(3);

    /// <summary>How long after the reported end of an outage the next one is not reported.</summary>
    public static readonly TimeSpan NoticeInterval = TimeSpan.FromMinutes(1);

    /// <summary>A Retry-After beyond this is not waited for: the error says when to come back.</summary>
    public static readonly TimeSpan LongestRetryAfter = TimeSpan.FromSeconds(120);

    /// <summary>A Retry-After beyond this is a mistake of the server and ignored.</summary>
    public static readonly TimeSpan AbsurdRetryAfter = TimeSpan.FromDays(1);

    /// <summary>How long one read may take.</summary>
    public static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(30);

    /// <summary>How long one submission may take: the providers check references before they answer.</summary>
    public static readonly TimeSpan SubmitTimeout = TimeSpan.FromSeconds(60);

    /// <summary>How long one upload of a local reference may take.</summary>
    public static readonly TimeSpan UploadTimeout = TimeSpan.FromMinutes(5);

    /// <summary>The largest answer of an API that is read; a status is a few kilobytes.</summary>
    public const int LargestAnswer = 4 * 1024 * 1024;

    /// <summary>How long connecting may take.</summary>
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    /// <summary>After this a connection is made anew, so that a change of DNS is noticed.</summary>
    public static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);
}
