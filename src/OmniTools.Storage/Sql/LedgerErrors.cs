using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Data.Sqlite;
using Npgsql;
using OmniTools.Errors;
using OmniTools.VideoTasks;
using static Npgsql.PostgresErrorCodes;

namespace OmniTools.Storage.Sql;

/// <summary>What goes wrong with a ledger, and what the user can do.</summary>
internal static class LedgerErrors
{
    private const string HomeStep = "or set OMNI_HOME to another folder";

    /// <summary>SQLite's result codes. See https://sqlite.org/rescode.html.</summary>
    public static OmniException ExplainSqlite(Exception failure, LedgerDatabase database, Charged charged)
    {
        var (what, nextStep) = (failure as SqliteException)?.SqliteErrorCode switch
        {
            26 => ("is not a database", "Move the file away, " + HomeStep),
            11 => ("is damaged", "Stop all OmniTools programs, then rescue it: " +
                $"sqlite3 \"{database.Location}\" .recover | sqlite3 recovered.db, and put recovered.db in its place"),
            13 => ("cannot be written: the disk is full", "Free some space on the disk"),
            8 or 3 or 23 =>
                ("cannot be written: it is read-only", "Make the file and its folder writable for you, " + HomeStep),
            14 => ("cannot be opened", "Make the file and its folder readable and writable for you, " + HomeStep),
            5 or 6 =>
                ("is in use by another program", "Close the program that holds it, a database browser for example"),
            _ => ($"cannot be used: {failure.Message.TrimEnd('.')}",
                "Make its folder readable and writable with room on its disk, " + HomeStep),
        };
        return Unavailable("The ledger " + what, database, nextStep, charged, failure);
    }

    /// <summary>
    /// A server's error codes. See https://www.postgresql.org/docs/current/errcodes-appendix.html.
    /// </summary>
    public static OmniException ExplainPostgres(Exception failure, LedgerDatabase database, string? role,
        Charged charged)
    {
        var (what, nextStep) = (failure, failure.InnerException) switch
        {
            (PostgresException refused, _) => refused.SqlState switch
            {
                InvalidPassword or InvalidAuthorizationSpecification =>
                    ($"refuses the role {ProviderText.Clean(role ?? "of this user")} or its password",
                        "Correct the user in OMNI_LEDGER, and the password in PGPASSWORD, the passfile or OMNI_LEDGER"),
                InvalidCatalogName =>
                    ("has no such database", "Create the database, or correct its name in OMNI_LEDGER"),
                InsufficientPrivilege => ("does not let this role do that",
                    "Let the owner of the database run the following, and grant the role SELECT, INSERT, UPDATE and "
                    + $"DELETE on its tables:\n{new Migrations(database).WriteScript()}"),
                TooManyConnections => ("has no connection left", "Wait, or raise max_connections"),
                DiskFull or OutOfMemory => ("has no room left", "Make room on the server"),
                ReadOnlySqlTransaction => ("is a read-only replica", "Name the primary server in OMNI_LEDGER"),
                LockNotAvailable => ("is busy: another OmniTools has held the ledger for 30 s", "Try again"),
                _ => ($"answered: {ProviderText.Clean(refused.MessageText)} ({refused.SqlState})",
                    "See the server's log"),
            },
            (_, AuthenticationException) => ("has no certificate that can be verified",
                "Name its certificate authority with sslrootcert in OMNI_LEDGER"),
            (_, SocketException socket) => ($"cannot be reached ({ProviderText.Clean(socket.Message)})",
                "Start the server, or correct OMNI_LEDGER"),
            _ => ($"cannot be used: {ProviderText.Clean(failure.Message)}", "Check the server and OMNI_LEDGER"),
        };
        return Unavailable("The ledger's server " + what, database, nextStep, charged, failure);
    }

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
        Unavailable($"This ledger has version {version}, and this OmniTools needs version {ownVersion}, with which "
            + "older programs that share the ledger can no longer buy", database,
            "Update OmniTools on all machines, then run once: omnitools-mcp ledger upgrade",
            Charged.No, null); // Thrown when the ledger is opened, before anything is sent.

    private static OmniException Unavailable(string what, LedgerDatabase database, string nextStep, Charged charged,
        Exception? inner) =>
        new(OmniErrorKind.LedgerUnavailable, what, new()
        {
            Field = database.Variable,
            Received = database.Location,
            Charged = charged,
            NextStep = nextStep
                + "; without the ledger nothing is bought, and clips that are paid for can still be saved",
        }, inner);
}
