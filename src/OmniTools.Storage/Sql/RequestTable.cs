using OmniTools.Ledger;
using OmniTools.VideoTasks;

namespace OmniTools.Storage.Sql;

/// <summary>Reads and writes requests with their history, inside a transaction of the caller's.</summary>
internal sealed class RequestTable(LedgerDatabase database, string machine, bool isSandbox)
{
    /// <summary>The status of a row as people see it: one whose submission was abandoned is unknown.</summary>
    public string Status => $"CASE WHEN {Abandoned} = 1 THEN 'unknown' ELSE r.status END";

    private string Abandoned => $"CASE WHEN r.state = 'intended' AND {database.IsAbandoned} THEN 1 ELSE 0 END";

    public async Task<RequestRecord?> FindAsync(Session session, string reference, string? provider)
    {
        var found = await SelectAsync(session, "WHERE (r.request_key = @reference OR r.task_id = @reference)"
            + (provider is null ? "" : " AND r.provider = @provider") + " ORDER BY r.last_sent_at DESC LIMIT 1",
            ("@reference", reference), ("@provider", provider));
        return found.FirstOrDefault();
    }

    public async Task<RequestRecord?> FindByKeyAsync(Session session, string requestKey) =>
        (await SelectAsync(session, "WHERE r.request_key = @key", ("@key", requestKey))).FirstOrDefault();

    public async Task<List<RequestRecord>> SelectAsync(Session session, string where,
        params (string, object?)[] parameters)
    {
        var sql = $"SELECT {RequestColumns.List}, {Abandoned}, {database.Now} FROM omni_request r {where}";
        while (true)
        {
            var abandoned = database.AbandonedCount;
            var found = await session.QueryAsync(sql, row => RequestColumns.Read(row, machine, isSandbox), parameters);
            if (abandoned == database.AbandonedCount)
                return found;
        }
    }

    /// <summary>What was bought today, and by the ledger's clock when that is.</summary>
    public async Task<LedgerDay> GetDayAsync(Session session, string? contentHash)
    {
        var day = (await session.QueryAsync(
            $"SELECT {database.Now}, (SELECT MAX(last_sent_at) FROM omni_request)",
            row => new LedgerDay
            {
                Clock = row.GetTime(0)!.Value,
                Newest = row.GetTime(1) ?? DateTimeOffset.MinValue,
                Requests = [],
            }))[0];
        var counted = await session.QueryAsync(
            """
            SELECT request_key, provider, status, estimate, credits, cost FROM omni_request
            WHERE counted_day = @day AND state <> 'rejected'
            """,
            row => new CountedRequest(row.GetString(0), row.GetString(1), row.GetStatus(2), row.GetNumber(3),
                row.GetNumber(4), row.GetNumber(5)),
            ("@day", LedgerDay.GetDay(day.Now)));
        var unsettled = contentHash is null ? [] : await SelectAsync(session,
            "WHERE r.content_hash = @hash AND r.state IN ('intended', 'unknown')", ("@hash", contentHash));
        var duplicate = unsettled.Find(each => each.State == LedgerState.Unknown);
        return day with { Requests = counted, Duplicate = duplicate?.Task.RequestKey };
    }

    public Task InsertAsync(Session session, RequestRecord request) =>
        WriteAsync(session, RequestColumns.Insert, RequestColumns.Parameters(request), null, request);

    public Task UpdateAsync(Session session, RequestRecord before, RequestRecord after)
    {
        var (sql, parameters) = RequestColumns.Update(before, after with { UpdatedAt = before.ReadAt });
        return WriteAsync(session, sql, parameters, before, after);
    }

    /// <summary>
    /// An adopted row with the id of a request that was sent from here is the same task: the request's row takes over
    /// what it knows.
    /// </summary>
    public async Task<RequestRecord> MergeAdoptedAsync(Session session, RequestRecord request)
    {
        const string isAdopted = "task_id = @id AND provider = @provider AND attempt = 0 AND request_key <> @key";
        (string, object?)[] parameters = [("@key", request.Task.RequestKey), ("@provider", request.Task.Provider),
            ("@id", request.Task.Id)];
        var adopted = await SelectAsync(session, "WHERE " + isAdopted, parameters);
        if (adopted.Count > 0)
            await session.ExecuteAsync("DELETE FROM omni_request WHERE " + isAdopted, parameters);
        return adopted.Aggregate(request, (merged, each) => merged.Merge(each));
    }

    // The row and its history in one round trip.
    private Task<int> WriteAsync(Session session, string sql, (string, object?)[] parameters, RequestRecord? before,
        RequestRecord after)
    {
        var task = after.Task;
        object kind = before is null && after.Attempt == 0 ? "adopted"
            : before?.State != after.State || before.Attempt != after.Attempt ? after.State
            : before.Files != after.Files ? "saved"
            : "status";
        var data = new EventData(after.Attempt, task.Provider, task.Id, task.Status.ToWireName(), task.RawStatus,
            task.Credits, task.Error?.Message, kind is "saved" ? after.Files[^1].Path : null);
        return session.ExecuteAsync(
            $"""
            {sql};
            INSERT INTO omni_event (at, machine, request_key, kind, data)
            VALUES ({database.Now}, @event_machine, @request_key, @event_kind, @event_data)
            """,
            [.. parameters, ("@event_machine", machine), ("@event_kind", kind), ("@event_data", data)]);
    }
}
