namespace OmniTools.Ledger;

/// <summary>The numbers of this folder.</summary>
internal static class LedgerConstants
{
    /// <summary>
    /// How long after the first attempt a provider is believed about a request key: that it has no task for it, or that
    /// it will replay the one it has. No provider prints how long it remembers; 24 hours is what payment APIs keep.
    /// Later, sending again could be a second clip.
    /// </summary>
    public static readonly TimeSpan SettlementWindow = TimeSpan.FromHours(24);

    /// <summary>
    /// For so long after a request was sent, "no such task" does not prove that it was not accepted: the provider may
    /// read from a copy that is behind. No provider states such a delay; two minutes are far above what databases
    /// replicate in.
    /// </summary>
    public static readonly TimeSpan ReadDelay = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How far the clock may stand before the ledger's newest record: several machines' clocks differ by seconds.
    /// </summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);
}
