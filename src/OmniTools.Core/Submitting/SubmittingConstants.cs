namespace OmniTools.Submitting;

/// <summary>The numbers of this folder.</summary>
internal static class SubmittingConstants
{
    /// <summary>How far the clock may stand before the ledger's newest record: several machines' clocks differ by seconds.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);
}
