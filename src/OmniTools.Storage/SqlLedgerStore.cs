using System.Data.Common;
using System.Globalization;
using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.Ledger;
using OmniTools.Providers;
using OmniTools.VideoTasks;

namespace OmniTools.Storage;

/// <summary>The ledger in a SQL database of either kind: each method is one transaction.</summary>
internal sealed class SqlLedgerStore(IDatabase database, string machine, bool isSandbox) : ILedgerStore
{
    /// <summary>How many keys go into one query; SQLite takes 32,766 parameters.</summary>
    public const int ReferencesPerQuery = 500;

    private const int MaximumTries = 3;
    private readonly Migrations migrations = new(database);
    private readonly RequestTable table = new(database, machine, isSandbox);

    public string Location => database.Location;

    IBatchStore ILedgerStore.Batches => new SqlBatchStore(this, table, database, machine);

    async Task<ISubmissionLease?> ILedgerStore.TryBeginAsync(
        RequestRecord intent, RequestRecord? known, Action<LedgerDay> check, CancellationToken cancellationToken)
    {
        var owner = Guid.NewGuid().ToString("N");
        IDisposable? lockFile = null;
        try
        {
            var begun = await RunAsync(isWrite: true, Charged.No, async session =>
            {
                var before = await table.FindByKeyAsync(session, intent.Task.RequestKey);
                if (before is null != known is null || before?.IsSameAs(known!) == false)
                    return null;
                migrations.CheckMayBuy();
                var day = await table.GetDayAsync(session, intent.Sent?.ContentHash);
                check(day);
                lockFile ??= database.Hold(owner);
                var request = intent.Begin(before, day.Now, owner,
                    database.LeaseDuration is { } lease ? day.Clock + lease : null);
                request = request with { Task = request.Task with { Machine = machine, IsSandbox = isSandbox } };
                if (before is null)
                    await table.InsertAsync(session, LedgerEvent.Intent, request);
                else
                    await table.UpdateAsync(session, LedgerEvent.Intent, before, request);
                return request;
            }, cancellationToken);
            if (begun is null)
                return null;
            var started = new SubmissionLease(begun, lockFile,
                database.LeaseDuration is null ? null : token => RenewAsync(begun, token));
            lockFile = null;
            return started;
        }
        finally
        {
            lockFile?.Dispose();
        }
    }

    Task<RequestRecord?> ILedgerStore.UpdateAsync(
        string handle, string provider, string eventKind, Func<RequestRecord, RequestRecord?> change,
        CancellationToken cancellationToken) =>
        RunAsync(isWrite: true, Charged.Unknown, async session =>
        {
            var before = await table.FindAsync(session, handle, provider);
            if (before is null || change(before) is not { } after)
                return before;
            if (before.Task.Id is null && after.Task.Id is not null)
                after = await table.MergeAdoptedAsync(session, after);
            await table.UpdateAsync(session, eventKind, before, after);
            return after;
        }, cancellationToken);

    Task<RequestRecord> ILedgerStore.AdoptAsync(string provider, VideoTaskReport report,
        CancellationToken cancellationToken) =>
        RunAsync(isWrite: true, Charged.Unknown, async session =>
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
                    await table.UpdateAsync(session, known.Task.Id is null ? LedgerEvent.Settled : LedgerEvent.State,
                        known, after);
                return after;
            }
            // A key that another task has, at another provider or in another account, does not identify this one.
            var key = sameKey is null && ownKey is not null ? ownKey : $"{provider}:{report.Id}";
            var adopted = RequestRecord.Adopt(key, provider, report,
                (await table.GetDayAsync(session, null)).Now);
            adopted = adopted with { Task = adopted.Task with { Machine = machine, IsSandbox = isSandbox } };
            await table.InsertAsync(session, LedgerEvent.Adopted, adopted);
            return adopted;
        }, cancellationToken);

    Task ILedgerStore.RecordFileAsync(VideoTask task, int index, string path, string sha256, long bytes,
        CancellationToken cancellationToken) =>
        RunAsync(isWrite: true, Charged.Unknown, async session =>
        {
            if (await table.FindAsync(session, task.Reference, task.Provider) is not { } known)
                return false;
            await table.WriteFileAsync(session, known, index, path, sha256, bytes);
            return await table.AddEventAsync(session, LedgerEvent.Saved, known, path) == 1;
        }, cancellationToken);

    Task<RequestRecord?> ILedgerStore.FindAsync(string handle, string? provider, CancellationToken cancellationToken) =>
        RunAsync(isWrite: false, Charged.No, session => table.FindAsync(session, handle, provider), cancellationToken);

    Task<IReadOnlyList<RequestRecord>> ILedgerStore.FindManyAsync(IReadOnlyCollection<string> handles,
        CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<RequestRecord>>(isWrite: false, Charged.No, async session =>
        {
            var found = new List<RequestRecord>();
            foreach (var some in handles.Chunk(ReferencesPerQuery))
            {
                var names = Names(some.Length);
                found.AddRange(await table.SelectAsync(session,
                    $"WHERE r.request_key IN ({names}) OR r.task_id IN ({names})", [.. Parameters(some)]));
            }
            return found;
        }, cancellationToken);

    Task<VideoTaskPage> ILedgerStore.ListAsync(VideoTaskQuery query, CancellationToken cancellationToken) =>
        RunAsync(isWrite: false, Charged.No, async session =>
        {
            var tasks = new List<VideoTask>();
            // One more than the page holds tells whether there is another page.
            var limit = (query.Limit + 1L).ToString(CultureInfo.InvariantCulture);
            string? before = query.Before, last = "";
            for (; tasks.Count <= query.Limit && last is not null; before = last)
            {
                var (where, parameters) = ListQuery.Write(query with { Before = before }, table.Status, database);
                var found = await table.SelectAsync(session,
                    $"{where} ORDER BY r.last_sent_at DESC, r.request_key DESC LIMIT {limit}", parameters);
                // Whether a file was deleted only the disk knows.
                tasks.AddRange(found.Select(request => request.Task).Where(task => !query.Unsaved || task.IsUnsaved));
                last = found.Count > query.Limit ? found[^1].Task.RequestKey : null;
            }
            var hasMore = tasks.Count > query.Limit;
            tasks = hasMore ? tasks[..query.Limit] : tasks;
            return new VideoTaskPage
            {
                Tasks = tasks,
                NextCursor = hasMore ? tasks[^1].RequestKey : null,
                Warnings = [.. database.Warnings, .. migrations.Warnings],
            };
        }, cancellationToken);

    Task<LedgerDay> ILedgerStore.GetDayAsync(string? contentHash, CancellationToken cancellationToken) =>
        RunAsync(isWrite: false, Charged.No, session => table.GetDayAsync(session, contentHash), cancellationToken);

    Task<TimeSpan?> ILedgerStore.GetAverageDurationAsync(string provider, string? model,
        CancellationToken cancellationToken) =>
        RunAsync(isWrite: false, Charged.No, session => RequestTable.GetAverageDurationAsync(session, provider, model),
            cancellationToken);

    Task<IReadOnlyList<PaidClip>> ILedgerStore.GetPaidClipsAsync(string provider, string model, int? duration,
        string? resolution, CancellationToken cancellationToken) =>
        RunAsync(isWrite: false, Charged.No,
            session => RequestTable.GetPaidClipsAsync(session, provider, model, duration, resolution), cancellationToken);

    public ValueTask DisposeAsync() => database.DisposeAsync();

    /// <summary>The names of so many parameters, for an IN clause.</summary>
    public static string Names(int count) =>
        string.Join(", ",
        Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"@v{i}")));

    /// <summary>Values under <see cref="Names"/>.</summary>
    public static IEnumerable<(string Name, object? Value)> Parameters(IEnumerable<string> values) =>
        values.Select((value, i) => (string.Create(CultureInfo.InvariantCulture, $"@v{i}"), (object?)value));

    private Task<bool> RenewAsync(RequestRecord request, CancellationToken cancellationToken) =>
        RunAsync(isWrite: true, Charged.No, session => table.RenewAsync(session, request), cancellationToken);

    /// <summary>Runs one transaction, again on another connection where its own broke.</summary>
    public async Task<T> RunAsync<T>(
        bool isWrite, Charged charged, Func<Session, Task<T>> work, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var isCommitting = false;
            try
            {
                await using var session = await OpenAsync(isWrite, cancellationToken);
                var result = await work(session);
                isCommitting = isWrite;
                await session.CommitAsync();
                return result;
            }
            catch (Exception failure) when (attempt < MaximumTries && database.IsTransient(failure)
                && !(isCommitting && charged == Charged.No))
            {
                // A pooled connection was broken. A begin whose commit may have been done is not repeated: its own
                // intent would look like another's.
                OmniTrace.Verbose($"The connection to the ledger broke and is made again: {failure.Message}");
            }
            catch (Exception failure) when (failure is DbException or IOException
                or UnauthorizedAccessException or TimeoutException)
            {
                throw database.Explain(failure, charged);
            }
        }
    }

    private async Task<Session> OpenAsync(bool isWrite, CancellationToken cancellationToken)
    {
        var session = await database.OpenAsync(isWrite, cancellationToken);
        if (database.HasSchema)
            return session;
        await using (session)
            await session.CommitAsync();
        await migrations.RunAsync(cancellationToken);
        return await database.OpenAsync(isWrite, cancellationToken);
    }
}
