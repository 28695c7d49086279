using System.Data.Common;
using OmniTools.Diagnostics;
using OmniTools.Errors;
using OmniTools.Ledger;
using OmniTools.Providers;
using OmniTools.VideoTasks;

namespace OmniTools.Storage.Sql;

/// <summary>The ledger in a SQL database of either kind: each method is one transaction.</summary>
internal sealed partial class SqlLedgerStore(LedgerDatabase database, string machine, bool isSandbox,
    IReadOnlyList<Migration>? steps = null) : ILedgerStore
{
    private const int MaximumTries = 3;
    private readonly Migrations migrations = new(database, steps);
    private readonly RequestTable table = new(database, machine, isSandbox);

    public string Location => database.Location;

    public IBatchStore Batches => new SqlBatchStore(this, table, database, machine);

    public async Task<SubmissionLease?> TryBeginAsync(
        RequestRecord intent, RequestRecord? known, Action<LedgerDay> check, CancellationToken cancellationToken)
    {
        var owner = Guid.NewGuid().ToString("N");
        IDisposable? lockFile = null;
        RequestRecord? begun = null;
        try
        {
            begun = await WriteAsync(Charged.No, async session =>
            {
                var before = await table.FindByKeyAsync(session, intent.Task.RequestKey);
                // Committed by a try whose connection broke before the answer came.
                if (before?.Owner == owner)
                    return before;
                if (before is null != known is null || before?.IsSameAs(known!) == false)
                    return null;
                await migrations.CheckMayBuyAsync(session);
                var day = await table.GetDayAsync(session, intent.Sent?.ContentHash);
                check(day);
                lockFile ??= database.Hold(owner);
                var request = MadeHere(intent.Begin(before, day.Now, owner, day.Clock + database.LeaseDuration));
                if (before is null)
                    await table.InsertAsync(session, request);
                else
                    await table.UpdateAsync(session, before, request);
                return request;
            }, cancellationToken);
            return begun is null ? null : new(begun, token => RenewAsync(begun, token), lockFile);
        }
        finally
        {
            if (begun is null)
                lockFile?.Dispose();
        }
    }

    public Task<RequestRecord?> UpdateAsync(string reference, string provider,
        Func<RequestRecord, RequestRecord?> change, CancellationToken cancellationToken) =>
        WriteAsync(Charged.Unknown, async session =>
        {
            var before = await table.FindAsync(session, reference, provider);
            if (before is null || change(before) is not { } after)
                return before;
            if (before.Task.Id is null && after.Task.Id is not null)
                after = await table.MergeAdoptedAsync(session, after);
            await table.UpdateAsync(session, before, after);
            return after;
        }, cancellationToken);

    public Task<RequestRecord> AdoptAsync(string provider, VideoTaskReport report,
        CancellationToken cancellationToken) =>
        WriteAsync(Charged.Unknown, async session =>
        {
            var ownKey = JsonValueReader.IsValidId(report.RequestKey) ? report.RequestKey : null;
            var sameKey = ownKey is null ? null : await table.FindByKeyAsync(session, ownKey);
            // Under a key that was made here there is one task, whatever the answer calls it.
            var known = sameKey is { Attempt: > 0 } && sameKey.Task.Provider == provider ? sameKey
                : await table.FindAsync(session, report.Id, provider);
            if (known is not null)
            {
                var after = known.Apply(report);
                if (known.HasChanges(after))
                    await table.UpdateAsync(session, known, after);
                return after;
            }
            // A key that another task has, at another provider or in another account, does not identify this one.
            var key = sameKey is null && ownKey is not null ? ownKey : $"{provider}:{report.Id}";
            var day = await table.GetDayAsync(session, null);
            var adopted = MadeHere(RequestRecord.Adopt(key, provider, report, day.Now));
            await table.InsertAsync(session, adopted);
            return adopted;
        }, cancellationToken);

    public Task RecordFileAsync(VideoTask task, int index, string path, string sha256, long bytes,
        CancellationToken cancellationToken) =>
        UpdateAsync(task.Reference, task.Provider,
            known => known.AddFile(new(index, machine, path, sha256, bytes)), cancellationToken);

    /// <summary>Brings the schema up to date, also where older programs can no longer buy afterwards.</summary>
    public Task<LedgerUpgrade> UpgradeAsync(CancellationToken cancellationToken) =>
        RetryAsync(Charged.No, () => migrations.RunAsync(isUpgrade: true, cancellationToken));

    public ValueTask DisposeAsync() => database.DisposeAsync();

    // Throws when the attempt has ended: another machine may have settled it. A lock file needs no renewal.
    private Task RenewAsync(RequestRecord request, CancellationToken cancellationToken) =>
        database.LeaseDuration is not { } duration ? Task.CompletedTask
        : WriteAsync(Charged.No, async session => await session.ExecuteAsync(
            $"""
            UPDATE omni_request SET lease_until = {database.Now} + @lease, updated_at = {database.Now}
            WHERE request_key = @key AND attempt = @attempt AND owner = @owner AND state = 'intended'
            """,
            ("@lease", duration), ("@key", request.Task.RequestKey), ("@attempt", request.Attempt),
            ("@owner", request.Owner)) == 1 ? true : throw LedgerErrors.LeaseLost(request.Task), cancellationToken);

    private RequestRecord MadeHere(RequestRecord request) =>
        request with { Task = request.Task with { Machine = machine, IsSandbox = isSandbox } };

    /// <summary>Reads, without waiting for those who write.</summary>
    public Task<T> ReadAsync<T>(Func<Session, Task<T>> work, CancellationToken cancellationToken) =>
        RetryAsync(Charged.No, () => RunAsync(isWrite: false, work, cancellationToken));

    /// <summary>
    /// Runs one transaction. <paramref name="work"/> may run again although it was committed: where the connection
    /// broke before the answer came.
    /// </summary>
    public Task<T> WriteAsync<T>(Charged charged, Func<Session, Task<T>> work, CancellationToken cancellationToken) =>
        RetryAsync(charged, () => RunAsync(isWrite: true, work, cancellationToken));

    // Again on another connection where one broke.
    private async Task<T> RetryAsync<T>(Charged charged, Func<Task<T>> work)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await work();
            }
            catch (Exception failure) when (attempt < MaximumTries && database.IsTransient(failure))
            {
                OmniTrace.Verbose($"The connection to the ledger broke and is made again: {failure.Message}");
            }
            catch (Exception failure) when (failure is DbException or IOException
                or UnauthorizedAccessException or TimeoutException)
            {
                throw database.Explain(failure, charged);
            }
        }
    }

    private async Task<T> RunAsync<T>(bool isWrite, Func<Session, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var session = await OpenAsync(isWrite, cancellationToken);
        var result = await work(session);
        await session.CommitAsync();
        return result;
    }

    private async Task<Session> OpenAsync(bool isWrite, CancellationToken cancellationToken)
    {
        var session = await database.OpenAsync(isWrite, cancellationToken);
        if (database.HasSchema)
            return session;
        await using (session)
            await session.CommitAsync();
        await migrations.RunAsync(isUpgrade: false, cancellationToken);
        return await database.OpenAsync(isWrite, cancellationToken);
    }
}
