using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;
using OmniTools.Errors;

namespace OmniTools.Storage.Postgres;

/// <summary>
/// What a server's errors mean for the user. See https://www.postgresql.org/docs/current/errcodes-appendix.html.
/// </summary>
internal static class PostgresErrors
{
    public static OmniException Explain(Exception failure, IDatabase database, NpgsqlConnectionStringBuilder address,
        Charged charged)
    {
        var (what, nextStep) = failure is PostgresException refused ? refused.SqlState switch
        {
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
                ($"refuses the role {ProviderText.Clean(address.Username ?? "of this user")} or its password",
                    "Correct the user in OMNI_LEDGER, and the password in PGPASSWORD, the passfile or OMNI_LEDGER"),
            PostgresErrorCodes.InvalidCatalogName =>
                ("has no such database", "Create the database, or correct its name in OMNI_LEDGER"),
            PostgresErrorCodes.InsufficientPrivilege =>
                ("does not let this role do that",
                    "Let the owner of the database run the following, and grant the role SELECT, INSERT, UPDATE and " +
                    $"DELETE on its tables:\n{Migrations.AllScripts(database.Identity)}"),
            PostgresErrorCodes.TooManyConnections => ("has no connection left", "Wait, or raise max_connections"),
            PostgresErrorCodes.DiskFull or PostgresErrorCodes.OutOfMemory =>
                ("has no room left", "Make room on the server"),
            PostgresErrorCodes.ReadOnlySqlTransaction =>
                ("is a read-only replica", "Name the primary server in OMNI_LEDGER"),
            PostgresErrorCodes.LockNotAvailable =>
                ("is busy: another OmniTools has held the ledger for 30 s", "Try again"),
            _ => ($"answered: {ProviderText.Clean(refused.MessageText)} ({refused.SqlState})", "See the server's log"),
        }
        : failure.InnerException is AuthenticationException
            ? ("has no certificate that can be verified",
                "Name its certificate authority with sslrootcert in OMNI_LEDGER")
        : failure.InnerException is SocketException socket
            ? ($"cannot be reached ({ProviderText.Clean(socket.Message)})", "Start the server, or correct OMNI_LEDGER")
        : ($"cannot be used: {ProviderText.Clean(failure.Message)}", "Check the server and OMNI_LEDGER");
        return LedgerErrors.Unavailable("The ledger's server " + what, "OMNI_LEDGER", database.Location, nextStep,
            charged, failure);
    }
}
