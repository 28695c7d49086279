namespace OmniTools.Mcp.Protocol;

/// <summary>
/// How long a call may take: reads are retried for minutes during an outage, and many clients give up after 60 seconds.
/// </summary>
internal static class CallTimeout
{
    /// <summary>The limit of a call whose caller receives no progress: 40 seconds.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(40);
}
