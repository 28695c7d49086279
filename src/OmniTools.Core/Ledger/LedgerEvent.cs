namespace OmniTools.Ledger;

/// <summary>What happened to a request: the kinds of the ledger's history.</summary>
internal static class LedgerEvent
{
    /// <summary>A submission is about to be sent: on disk before the first byte leaves.</summary>
    public const string Intent = "intent";

    /// <summary>The provider gave a task id.</summary>
    public const string Accepted = "accepted";

    /// <summary>The submission was certainly not accepted.</summary>
    public const string Rejected = "rejected";

    /// <summary>The submission was sent and its outcome could not be settled.</summary>
    public const string Unknown = "unknown";

    /// <summary>An unknown outcome was settled: with an id accepted, without one not.</summary>
    public const string Settled = "settled";

    /// <summary>The task's state changed.</summary>
    public const string State = "state";

    /// <summary>A video became a file.</summary>
    public const string Saved = "saved";

    /// <summary>A task that was made elsewhere was added.</summary>
    public const string Adopted = "adopted";
}
