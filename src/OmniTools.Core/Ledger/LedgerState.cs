namespace OmniTools.Ledger;

/// <summary>How far a submission is, by the ledger.</summary>
internal enum LedgerState
{
    /// <summary>Intended, and no outcome recorded.</summary>
    Intended,
    /// <summary>The provider has it.</summary>
    Accepted,
    /// <summary>Certainly not accepted.</summary>
    Rejected,
    /// <summary>Sent, outcome not known.</summary>
    Unknown,
}
