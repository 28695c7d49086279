using OmniTools.Errors;
using OmniTools.Ledger;

namespace OmniTools.Storage.Sql;

/// <summary>Batches in a SQL database of either kind.</summary>
internal sealed class SqlBatchStore(SqlLedgerStore store, RequestTable table, LedgerDatabase database, string machine)
    : IBatchStore
{
    // Where a lock file shows that the owner is gone, nobody waits for the end of its lease.
    private string HasEnded => $"(r.lease_until <= {database.Now} OR {database.IsAbandoned})";

    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) =>
        store.ReadAsync<IReadOnlyList<string>>(async session => await session.QueryAsync(
            """
            SELECT batch, MAX(last_sent_at) AS newest FROM omni_request WHERE batch IS NOT NULL
            GROUP BY batch ORDER BY newest DESC
            """, row => row.GetString(0)), cancellationToken);

    public Task<IReadOnlyList<RequestRecord>> GetRequestsAsync(string batch, CancellationToken cancellationToken) =>
        store.ReadAsync<IReadOnlyList<RequestRecord>>(async session => await table.SelectAsync(session,
            "WHERE r.batch = @batch ORDER BY r.last_sent_at, r.request_key", ("@batch", batch)), cancellationToken);

    public async Task<(BatchLease? Lease, BatchOwner Owner)> TakeAsync(
        string batch, TimeSpan duration, CancellationToken cancellationToken)
    {
        var id = Guid.NewGuid().ToString("N");
        IDisposable? lockFile = null;
        var isTaken = false;
        try
        {
            lockFile = database.Hold(id);
            (isTaken, var owner) = await store.WriteAsync(Charged.No, async session =>
            {
                await session.ExecuteAsync(
                    $"DELETE FROM omni_batch_run AS r WHERE r.batch = @batch AND (r.owner = @owner OR {HasEnded})",
                    ("@batch", batch), ("@owner", id));
                if (await FindOwnerAsync(session, batch) is { } other)
                    return (false, other);
                await session.ExecuteAsync(
                    $"""
                    INSERT INTO omni_batch_run (batch, owner, machine, process_id, started_at, lease_until)
                    VALUES (@batch, @owner, @machine, @process, {database.Now}, {database.Now} + @duration)
                    """,
                    ("@batch", batch), ("@owner", id), ("@machine", machine),
                    ("@process", Environment.ProcessId), ("@duration", duration));
                return (true, (await FindOwnerAsync(session, batch))!);
            }, cancellationToken);
            return (isTaken ? new(RenewAsync, EndAsync) : null, owner);
        }
        finally
        {
            if (!isTaken)
                lockFile?.Dispose();
        }

        async Task<bool> RenewAsync(CancellationToken token) =>
            await ChangeAsync($"UPDATE omni_batch_run SET lease_until = {database.Now} + @duration", token) == 1;

        async Task EndAsync()
        {
            try
            {
                await ChangeAsync("DELETE FROM omni_batch_run", default);
            }
            catch (OmniException)
            {
                // The ledger is away: the lease ends by itself.
            }
            finally
            {
                lockFile?.Dispose();
            }
        }

        Task<int> ChangeAsync(string sql, CancellationToken token) => store.WriteAsync(Charged.No,
            session => session.ExecuteAsync(sql + " WHERE batch = @batch AND owner = @owner",
                ("@duration", duration), ("@batch", batch), ("@owner", id)), token);
    }

    public Task<BatchOwner?> FindOwnerAsync(string batch, CancellationToken cancellationToken) =>
        store.ReadAsync(session => FindOwnerAsync(session, batch), cancellationToken);

    private async Task<BatchOwner?> FindOwnerAsync(Session session, string batch) => (await session.QueryAsync(
        $"""
        SELECT machine, process_id, started_at, lease_until FROM omni_batch_run r
        WHERE r.batch = @batch AND NOT {HasEnded}
        """,
        row => new BatchOwner(row.GetString(0), row.GetInt32(1), row.GetTime(2)!.Value, row.GetTime(3)!.Value),
        ("@batch", batch))).FirstOrDefault();
}
