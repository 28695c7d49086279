using OmniTools.Errors;
using OmniTools.Ledger;

namespace OmniTools.Storage.Sql;

/// <summary>Batches in a SQL database of either kind.</summary>
internal sealed class SqlBatchStore(SqlLedgerStore store, RequestTable table, LedgerDatabase database, string machine)
    : IBatchStore
{
    // Where a lock file shows that the owner is gone, nobody waits for the end of its lease.
    private string HasOwner => $"NOT (r.lease_until <= {Now} OR {database.IsAbandoned})";

    private string Now => database.Now;

    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<string>>(isWrite: false, async session => await session.QueryAsync(
            """
            SELECT batch, MAX(last_sent_at) AS newest FROM omni_request WHERE batch IS NOT NULL
            GROUP BY batch ORDER BY newest DESC
            """, row => row.GetString(0)), cancellationToken);

    public Task<IReadOnlyList<RequestRecord>> GetRequestsAsync(string batch, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<RequestRecord>>(isWrite: false, async session => await table.SelectAsync(session,
            "WHERE r.batch = @batch ORDER BY r.last_sent_at, r.request_key", ("@batch", batch)), cancellationToken);

    public async Task<(IBatchLease? Lease, BatchOwner Owner)> TakeAsync(
        string batch, TimeSpan duration, CancellationToken cancellationToken)
    {
        var lease = new Lease(this, batch, Guid.NewGuid().ToString("N"), duration);
        var isTaken = false;
        try
        {
            lease.LockFile = database.Hold(lease.Owner);
            (isTaken, var owner) = await RunAsync(isWrite: true, async session =>
            {
                await session.ExecuteAsync("DELETE FROM omni_batch_run AS r "
                    + $"WHERE r.batch = @batch AND (r.owner = @owner OR NOT {HasOwner})",
                    ("@batch", batch), ("@owner", lease.Owner));
                if (await FindOwnerAsync(session, batch) is { } other)
                    return (false, other);
                await session.ExecuteAsync(
                    $"""
                    INSERT INTO omni_batch_run (batch, owner, machine, process_id, started_at, lease_until)
                    VALUES (@batch, @owner, @machine, @process, {Now}, {Now} + @duration)
                    """,
                    ("@batch", batch), ("@owner", lease.Owner), ("@machine", machine),
                    ("@process", Environment.ProcessId), ("@duration", duration));
                return (true, (await FindOwnerAsync(session, batch))!);
            }, cancellationToken);
            return (isTaken ? lease : null, owner);
        }
        finally
        {
            if (!isTaken)
                lease.LockFile?.Dispose();
        }
    }

    public Task<BatchOwner?> FindOwnerAsync(string batch, CancellationToken cancellationToken) =>
        RunAsync(isWrite: false, session => FindOwnerAsync(session, batch), cancellationToken);

    private async Task<BatchOwner?> FindOwnerAsync(Session session, string batch) => (await session.QueryAsync(
        $"""
        SELECT machine, process_id, started_at, lease_until FROM omni_batch_run r
        WHERE r.batch = @batch AND {HasOwner}
        """,
        row => new BatchOwner(row.GetString(0), row.GetInt32(1), row.GetTime(2)!.Value, row.GetTime(3)!.Value),
        ("@batch", batch))).FirstOrDefault();

    private Task<T> RunAsync<T>(bool isWrite, Func<Session, Task<T>> work, CancellationToken cancellationToken) =>
        store.RunAsync(isWrite, Charged.No, work, cancellationToken);

    private sealed class Lease(SqlBatchStore batches, string batch, string owner, TimeSpan duration) : IBatchLease
    {
        public string Owner => owner;

        public IDisposable? LockFile { get; set; }

        public async Task<bool> RenewAsync(CancellationToken cancellationToken) => await ExecuteAsync(
            $"UPDATE omni_batch_run SET lease_until = {batches.Now} + @duration", cancellationToken) == 1;

        public async ValueTask DisposeAsync()
        {
            try
            {
                await ExecuteAsync("DELETE FROM omni_batch_run", default);
            }
            catch (OmniException)
            {
                // The ledger is away: the lease ends by itself.
            }
            finally
            {
                LockFile?.Dispose();
            }
        }

        private Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken) => batches.RunAsync(
            isWrite: true, session => session.ExecuteAsync(sql + " WHERE batch = @batch AND owner = @owner",
                ("@duration", duration), ("@batch", batch), ("@owner", owner)), cancellationToken);
    }
}
