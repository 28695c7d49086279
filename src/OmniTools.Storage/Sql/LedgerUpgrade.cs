namespace OmniTools.Storage.Sql;

/// <summary>What bringing a ledger up to date found.</summary>
/// <param name="Location">Where the ledger is, for people.</param>
/// <param name="Before">The version that it had; 0: it was new. Higher than <paramref name="Wanted"/>: a newer program
/// made it, and nothing was changed.</param>
/// <param name="Wanted">The version that this program needs, and that it has now.</param>
public sealed record LedgerUpgrade(string Location, int Before, int Wanted);
