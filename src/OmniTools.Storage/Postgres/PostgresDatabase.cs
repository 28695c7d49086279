using System.Globalization;
using Npgsql;
using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.Storage.Sql;

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
        failure is PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown }
        || failure is NpgsqlException { IsTransient: true } and not PostgresException;

    public override OmniException Explain(Exception failure, Charged charged) =>
        LedgerErrors.ExplainPostgres(failure, this, address.Username, charged);

    public override ValueTask DisposeAsync() => source.DisposeAsync();
}
