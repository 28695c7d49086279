using Microsoft.Data.Sqlite;
using OmniTools.Errors;
using OmniTools.Storage.Sql;

namespace OmniTools.Storage.Sqlite;

/// <summary>What SQLite's result codes mean for the user. See https://sqlite.org/rescode.html.</summary>
internal static class SqliteErrors
{
    public static OmniException Explain(Exception failure, string path, Charged charged)
    {
        var (what, nextStep) = (failure as SqliteException)?.SqliteErrorCode switch
        {
            26 => ("is not a database", "Move the file away, or set OMNI_HOME to another folder"),
            11 => ("is damaged", "Stop all OmniTools programs, then rescue it: " +
                $"sqlite3 \"{path}\" .recover | sqlite3 recovered.db, and put recovered.db in its place"),
            13 => ("cannot be written: the disk is full", "Free some space on the disk"),
            8 or 3 or 23 =>
                ("cannot be written: it is read-only",
                    "Make the file and its folder writable for you, or set OMNI_HOME to another folder"),
            14 => ("cannot be opened",
                "Make the file and its folder readable and writable for you, or set OMNI_HOME to another folder"),
            5 or 6 =>
                ("is in use by another program", "Close the program that holds it, a database browser for example"),
            _ => ($"cannot be used: {failure.Message.TrimEnd('.')}",
                "Make its folder readable and writable with room on its disk, or set OMNI_HOME to another folder"),
        };
        return LedgerErrors.Unavailable("The ledger " + what, "OMNI_HOME", path, nextStep, charged, failure);
    }
}
