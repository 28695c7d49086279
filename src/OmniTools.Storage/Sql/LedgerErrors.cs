using OmniTools.Errors;
using OmniTools.VideoTasks;

namespace OmniTools.Storage.Sql;

/// <summary>What goes wrong with a ledger of either kind, and what the user can do.</summary>
internal static class LedgerErrors
{
    /// <summary>The database cannot be used.</summary>
    public static OmniException Unavailable(LedgerDatabase database, string what, string nextStep, Charged charged,
        Exception? inner = null, string? sql = null) =>
        new(OmniErrorKind.LedgerUnavailable, what, new()
        {
            Field = database.Variable,
            Received = database.Location,
            Charged = charged,
            NextStep = nextStep + "; without the ledger nothing is bought, and clips that are paid for can still be "
                + "saved by task id and provider" + (sql is null ? "" : $":\n{sql.TrimEnd()}"),
        }, inner);

    /// <summary>Another machine took over: nothing may be sent any more.</summary>
    public static OmniException LeaseLost(VideoTask task) =>
        new(OmniErrorKind.LedgerUnavailable,
            "This machine was away for so long that another one took over the request", new()
            {
                Provider = task.Provider,
                RequestKey = task.RequestKey,
                // An earlier POST of the same attempt may have been accepted.
                Charged = Charged.Unknown,
                NextStep = $"Ask for the task by its request key '{task.RequestKey}'",
            });

    /// <summary>The ledger has been changed by a newer program.</summary>
    public static OmniException TooOld(LedgerDatabase database, int version, int ownVersion) =>
        new(OmniErrorKind.LedgerUnavailable,
            "A newer OmniTools has changed this ledger, and this one cannot count its purchases against your limits",
            new()
            {
                Field = "OMNI_LEDGER or OMNI_HOME",
                Received = database.Location,
                Allowed = $"an OmniTools with ledger version {version} or later; this one has {ownVersion}",
                Charged = Charged.No, // Thrown before an intent is recorded.
                NextStep = "Update OmniTools; clips can still be waited for and saved",
            });

    /// <summary>The ledger has to be changed so that older programs can no longer buy.</summary>
    public static OmniException NeedsUpgrade(LedgerDatabase database, int version, int ownVersion) =>
        Unavailable(database,
            $"This ledger has version {version}, and this OmniTools needs version {ownVersion}, with which older "
            + "programs that share the ledger can no longer buy",
            "Update OmniTools on all machines, then run once: omnitools-mcp ledger upgrade",
            Charged.No); // Thrown when the ledger is opened, before anything is sent.
}
