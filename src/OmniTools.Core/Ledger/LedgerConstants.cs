namespace OmniTools.Ledger;

/// <summary>The numbers of this folder.</summary>
internal static class LedgerConstants
{
    /// <summary>
    /// How long after the first attempt a provider is believed about a request key: that it has no task for it, or that it will
    /// replay the one it has. No provider prints how long it remembers; 24 hours is what payment APIs keep. Later, sending
    /// again could be a second clip.
    /// </summary>
    public static readonly TimeSpan SettlementWindow = TimeSpan.FromHours(24);
}
