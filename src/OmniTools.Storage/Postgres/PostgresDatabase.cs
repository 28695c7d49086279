using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;
using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.Storage.Sql;
using static Npgsql.PostgresErrorCodes;

namespace OmniTools.Storage.Postgres;

/// <summary>
/// A database on a server, for several machines. <paramref name="clockOffset"/> shifts the server's clock, for tests.
/// </summary>
internal sealed class PostgresDatabase(NpgsqlConnectionStringBuilder address, Func<TimeSpan>? clockOffset = null)
    : LedgerDatabase
{
    // One lock per ledger: the limits are the ledger's, not an account's. The number is arbitrary; it is the same in
    // every version.
    private const string BeginWrite =
        """
        SET LOCAL synchronous_commit = on;
        SET LOCAL lock_timeout = '30s';
        SET LOCAL idle_in_transaction_session_timeout = '30s';
        SELECT pg_advisory_xact_lock(7165064870517);
        """;

    private readonly NpgsqlDataSource source = NpgsqlDataSource.Create(address);

    public override string Location { get; } = PostgresAddress.Describe(address);

    public override string Variable => "OMNI_LEDGER";

    public override bool IsShared => true;

    // The longest POST, and as long again for a slow clock or connection.
    public override TimeSpan? LeaseDuration { get; } = HttpConstants.SubmitTimeout * 2;

    // Taken when the expression is evaluated, not when the transaction began: that may have waited for the lock.
    public override string Now => string.Create(CultureInfo.InvariantCulture,
        $"((extract(epoch FROM clock_timestamp()) * 1000)::bigint + {clockOffset?.Invoke().TotalMilliseconds ?? 0:0})");

    public override string IsAbandoned => $"COALESCE(r.lease_until, 0) <= {Now}";

    // Not to_regclass: its cache may not know yet what the last writer created.
    public override string FindSchema =>
        """
        SELECT tablename AS name FROM pg_tables
        WHERE tablename = 'omni_schema' AND schemaname = ANY (current_schemas(false))
        """;

    public override string Contains(string column, string parameter) =>
        $"strpos(lower({column}), lower({parameter})) > 0";

    // As an array, so that the columns' indexes are used.
    public override string IsOneOf(string column, string parameter) =>
        $"{column} = ANY (ARRAY(SELECT json_array_elements_text({parameter}::json)))";

    public override async Task<Session> OpenAsync(bool isWrite, CancellationToken cancellationToken)
    {
        var connection = await source.OpenConnectionAsync(cancellationToken);
        try
        {
            if (!isWrite)
                return new(Create, null, _ => connection.DisposeAsync());
            var transaction = await connection.BeginTransactionAsync(cancellationToken);
            // A statement of its own, before any read: what is read after it is what the last writer left.
            await using (var begin = new NpgsqlCommand(BeginWrite, connection, transaction))
                await begin.ExecuteNonQueryAsync(cancellationToken);
            return new(Create, transaction, _ => connection.DisposeAsync());
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

#pragma warning disable CA2100 // Every statement is built from constants; values are parameters.
        NpgsqlCommand Create(string sql) => new(sql, connection);
#pragma warning restore CA2100
    }

    // Only what broke on the way: a server that answers with an error would answer so again.
    public override bool IsTransient(Exception failure) =>
        failure is PostgresException { SqlState: AdminShutdown or CrashShutdown }
        || failure is NpgsqlException { IsTransient: true } and not PostgresException;

    // See https://www.postgresql.org/docs/current/errcodes-appendix.html.
    public override OmniException Explain(Exception failure, Charged charged)
    {
        var (what, nextStep) = (failure, failure.InnerException) switch
        {
            (PostgresException refused, _) => Explain(refused),
            (_, AuthenticationException) => ("has no certificate that can be verified",
                "Name its certificate authority with sslrootcert in OMNI_LEDGER"),
            (_, SocketException socket) => ($"cannot be reached ({ProviderText.Clean(socket.Message)})",
                "Start the server, or correct OMNI_LEDGER"),
            _ => ($"cannot be used: {ProviderText.Clean(failure.Message)}", "Check the server and OMNI_LEDGER"),
        };
        var sql = failure is PostgresException { SqlState: InsufficientPrivilege }
            ? new Migrations(this).WriteScript()
            : null;
        return LedgerErrors.Unavailable(this, "The ledger's server " + what, nextStep, charged, failure, sql);
    }

    public override ValueTask DisposeAsync() => source.DisposeAsync();

    private (string What, string NextStep) Explain(PostgresException refused) => refused.SqlState switch
    {
        InvalidPassword or InvalidAuthorizationSpecification =>
            ($"refuses the role {ProviderText.Clean(address.Username ?? "of this user")} or its password",
                "Correct the user in OMNI_LEDGER, and the password in PGPASSWORD, the password file or OMNI_LEDGER"),
        InvalidCatalogName =>
            ("has no such database", "Create the database, or correct its name in OMNI_LEDGER"),
        InsufficientPrivilege => ("does not let this role do that",
            "Let the owner of the database run the SQL below, and grant the role SELECT, INSERT, UPDATE and DELETE on "
            + "its tables"),
        TooManyConnections => ("has no connection left", "Wait, or raise max_connections"),
        DiskFull or OutOfMemory => ("has no room left", "Make room on the server"),
        ReadOnlySqlTransaction => ("is a read-only replica", "Name the primary server in OMNI_LEDGER"),
        LockNotAvailable => ("is busy: another OmniTools has held the ledger for 30 s", "Try again"),
        _ => ($"answered: {ProviderText.Clean(refused.MessageText)} ({refused.SqlState})", "See the server's log"),
    };
}
