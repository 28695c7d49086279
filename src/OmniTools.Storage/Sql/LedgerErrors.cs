using OmniTools.Errors;
using OmniTools.VideoTasks;

namespace OmniTools.Storage.Sql;

/// <summary>The errors that both kinds of ledger share.</summary>
internal static class LedgerErrors
{
    public static OmniException Unavailable(string what, string variable, string location, string nextStep,
        Charged charged, Exception? inner) =>
        new(OmniErrorKind.LedgerUnavailable, what, new()
        {
            Field = variable,
            Received = location,
            Charged = charged,
            NextStep = nextStep +
                "; without the ledger nothing is bought, and clips that are paid for can still be saved",
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

    public static OmniException TooOld(string location, int version) =>
        new(OmniErrorKind.LedgerUnavailable,
            "A newer OmniTools has changed this ledger, and this one cannot count its purchases against your limits",
            new()
            {
                Field = "OMNI_LEDGER or OMNI_HOME",
                Received = location,
                Allowed =
                    $"an OmniTools with ledger version {version} or later; this one has {Migrations.CurrentVersion}",
                Charged = Charged.No,
                NextStep = "Update OmniTools; clips can still be waited for and saved",
            });
}
