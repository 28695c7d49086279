namespace OmniTools.Submitting;

/// <summary>The numbers of this folder.</summary>
internal static class SubmittingConstants
{
    /// <summary>
    /// How long after the first attempt a request of unknown outcome is sent again to a provider that replays by key. No provider
    /// prints how long it remembers a key; 24 hours is what payment APIs keep. Later a replay could be a second clip.
    /// </summary>
    public static readonly TimeSpan ReplayWindow = TimeSpan.FromHours(24);

    /// <summary>How far the clock may stand before the ledger's newest record: several machines' clocks differ by seconds.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);
}
