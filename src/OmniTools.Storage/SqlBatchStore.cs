using System.Data.Common;
using OmniTools.Errors;
using OmniTools.Ledger;

namespace OmniTools.Storage;

/// <summary>Batches in a SQL database of either kind.</summary>
internal sealed class SqlBatchStore(SqlLedgerStore store, RequestTable table, IDatabase database, string machine) : IBatchStore
{
    // Where a lock file tells that the owner is gone, nobody waits for the end of its lease.
    private string IsOver => $"CASE WHEN r.lease_until <= {database.Now} OR {database.IsAbandoned} THEN 1 ELSE 0 END";

    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) =>
        store.RunAsync<IReadOnlyList<string>>(isWrite: false, Charged.No, async session => await session.QueryAsync(
            "SELECT batch, MAX(last_sent_at) AS newest FROM omni_request WHERE batch IS NOT NULL GROUP BY batch ORDER BY newest DESC",
            row => row.GetString(0)), cancellationToken);

    public Task<IReadOnlyList<RequestRecord>> GetRequestsAsync(string batch, CancellationToken cancellationToken) =>
        store.RunAsync<IReadOnlyList<RequestRecord>>(isWrite: false, Charged.No, async session => await table.SelectAsync(session,
            "WHERE r.batch = @batch ORDER BY r.last_sent_at, r.request_key", ("@batch", batch)), cancellationToken);

    public async Task<(IBatchLease? Lease, BatchOwner Owner)> TakeAsync(
        string batch, TimeSpan duration, CancellationToken cancellationToken)
    {
        var owner = Guid.NewGuid().ToString("N");
        var lockFile = database.Hold(owner);
        try
        {
            var other = await store.RunAsync(isWrite: true, Charged.No, async session =>
            {
                if (await FindOwnerAsync(session, batch) is { } present)
                    return present;
                await session.ExecuteAsync("DELETE FROM omni_batch_run WHERE batch = @batch", ("@batch", batch));
                await session.ExecuteAsync(
                    $"""
                    INSERT INTO omni_batch_run (batch, owner, machine, process_id, started_at, lease_until)
                    VALUES (@batch, @owner, @machine, @process, {database.Now}, {database.Now} + @duration)
                    """,
                    ("@batch", batch), ("@owner", owner), ("@machine", machine), ("@process", Environment.ProcessId),
                    ("@duration", (long)duration.TotalMilliseconds));
                return null;
            }, cancellationToken);
            if (other is not null)
                return (null, other);
            var lease = new Lease(this, batch, owner, duration, lockFile);
            lockFile = null;
            return (lease, (await FindOwnerAsync(batch, cancellationToken))!);
        }
        finally
        {
            lockFile?.Dispose();
        }
    }

    public Task<BatchOwner?> FindOwnerAsync(string batch, CancellationToken cancellationToken) =>
        store.RunAsync(isWrite: false, Charged.No, session => FindOwnerAsync(session, batch), cancellationToken);

    private async Task<BatchOwner?> FindOwnerAsync(Session session, string batch)
    {
        var found = await session.QueryAsync(
            $"SELECT machine, process_id, started_at, lease_until, {IsOver} FROM omni_batch_run r WHERE r.batch = @batch",
            row => (Owner: Read(row), IsOver: row.GetInt32(4) != 0), ("@batch", batch));
        return found is [{ IsOver: false } present] ? present.Owner : null;
    }

    private Task<bool> RenewAsync(string batch, string owner, TimeSpan duration, CancellationToken cancellationToken) =>
        store.RunAsync(isWrite: true, Charged.No, async session => await session.ExecuteAsync(
            $"UPDATE omni_batch_run SET lease_until = {database.Now} + @duration WHERE batch = @batch AND owner = @owner",
            ("@duration", (long)duration.TotalMilliseconds), ("@batch", batch), ("@owner", owner)) == 1, cancellationToken);

    private Task<int> ReleaseAsync(string batch, string owner) =>
        store.RunAsync(isWrite: true, Charged.No, session => session.ExecuteAsync(
            "DELETE FROM omni_batch_run WHERE batch = @batch AND owner = @owner", ("@batch", batch), ("@owner", owner)), default);

    private static BatchOwner Read(DbDataReader row) => new(row.GetString(0), row.GetInt32(1),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)));

    private sealed class Lease(SqlBatchStore batches, string batch, string owner, TimeSpan duration, IDisposable? lockFile) : IBatchLease
    {
        public Task<bool> RenewAsync(CancellationToken cancellationToken) =>
            batches.RenewAsync(batch, owner, duration, cancellationToken);

        public async ValueTask DisposeAsync()
        {
            try
            {
                await batches.ReleaseAsync(batch, owner);
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
    }
}
