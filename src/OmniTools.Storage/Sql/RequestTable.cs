using System.Data.Common;
using System.Text.Json;
using OmniTools.Ledger;
using OmniTools.VideoTasks;

namespace OmniTools.Storage.Sql;

/// <summary>
/// Reads and writes requests with their videos, files and events, inside a transaction of the caller's.
/// </summary>
internal sealed class RequestTable(IDatabase database, string machine, bool isSandbox)
{
    /// <summary>The status of a row as people see it: one whose submission was abandoned is unknown.</summary>
    public string Status => $"CASE WHEN {Abandoned} = 1 THEN 'unknown' ELSE r.status END";

    private string Abandoned => $"CASE WHEN r.state = 'intended' AND {database.IsAbandoned} THEN 1 ELSE 0 END";

    public async Task<RequestRecord?> FindAsync(Session session, string reference, string? provider)
    {
        var where = "WHERE (r.request_key = @handle OR r.task_id = @handle)" +
            (provider is null ? "" : " AND r.provider = @provider") + " ORDER BY r.last_sent_at DESC LIMIT 1";
        (string, object?)[] parameters = provider is null ? [("@handle", reference)]
            : [("@handle", reference), ("@provider", provider)];
        return (await SelectAsync(session, where, parameters)).FirstOrDefault();
    }

    public async Task<RequestRecord?> FindByKeyAsync(Session session, string requestKey) =>
        (await SelectAsync(session, "WHERE r.request_key = @key", ("@key", requestKey))).FirstOrDefault();

    public async Task<List<RequestRecord>> SelectAsync(Session session, string where,
        params (string, object?)[] parameters)
    {
        var columns = $"{RequestColumns.List}, {Abandoned} AS abandoned, {database.Now} AS now";
        List<RequestRecord> requests;
        int abandoned;
        do
        {
            abandoned = database.AbandonedCount;
            requests = await session.QueryAsync($"SELECT {columns} FROM omni_request r {where}",
                row => RequestColumns.Read(row, isSandbox), parameters);
        }
        while (abandoned != database.AbandonedCount);
        return await WithVideosAsync(session, requests);
    }

    /// <summary>What was bought today, and by the ledger's clock when that is.</summary>
    public async Task<LedgerDay> GetDayAsync(Session session, string? contentHash)
    {
        var (clock, newest) = (await session.QueryAsync(
            $"SELECT {database.Now}, (SELECT MAX(last_sent_at) FROM omni_request)",
            row => (ToTime(row.GetInt64(0)), row.IsDBNull(1) ? DateTimeOffset.MinValue : ToTime(row.GetInt64(1)))))[0];
        var day = new LedgerDay { Clock = clock, Newest = newest, Requests = [] };
        var counted = await session.QueryAsync(
            """
            SELECT request_key, provider, status, estimate, credits, cost FROM omni_request
            WHERE counted_day = @day AND state <> 'rejected'
            """,
            row => new CountedRequest(row.GetString(0), row.GetString(1), RequestColumns.ToStatus(row.GetString(2)),
                ToNumber(row, 3), ToNumber(row, 4), ToNumber(row, 5)),
            ("@day", RequestColumns.ToText(LedgerDay.GetDay(day.Now))));
        var duplicates = contentHash is null ? []
            : await SelectAsync(session, "WHERE r.content_hash = @hash AND r.state IN ('intended', 'unknown')",
                ("@hash", contentHash));
        var duplicate = duplicates.Find(each => each.State == LedgerState.Unknown);
        return day with { Requests = counted, Duplicate = duplicate?.Task.RequestKey };
    }

    public static async Task<TimeSpan?> GetAverageDurationAsync(Session session, string provider, string? model)
    {
        var seconds = await session.QueryAsync(
            """
            SELECT generation_seconds FROM omni_request
            WHERE provider = @provider AND model = @model AND status = 'completed' ORDER BY last_sent_at DESC LIMIT 20
            """,
            row => row.IsDBNull(0) ? (int?)null : row.GetInt32(0), ("@provider", provider), ("@model", model ?? ""));
        return seconds.Average() is { } average ? TimeSpan.FromSeconds(average) : null;
    }

    public static async Task<IReadOnlyList<PaidClip>> GetPaidClipsAsync(Session session, string provider, string model,
        int? duration, string? resolution)
    {
        List<(string, object?)> parameters = [("@provider", provider), ("@model", model)];
        var sql = $"""
            SELECT credits, cost, request FROM omni_request
            WHERE provider = @provider AND model = @model AND status = 'completed' AND request IS NOT NULL
            AND {Equal("duration", duration)} AND {Equal("resolution", resolution)}
            ORDER BY last_sent_at DESC LIMIT 100
            """;
        return await session.QueryAsync(sql,
            row => new PaidClip(ToNumber(row, 0), ToNumber(row, 1), RequestColumns.ToRequest(row.GetString(2))),
            [.. parameters]);

        string Equal(string column, object? value)
        {
            if (value is null)
                return column + " IS NULL";
            parameters.Add(("@" + column, value));
            return $"{column} = @{column}";
        }
    }

    /// <summary>
    /// Extends the lease of an attempt. Throws when the attempt has ended: another machine may have settled it.
    /// </summary>
    public async Task<bool> RenewAsync(Session session, RequestRecord request)
    {
        var rows = await session.ExecuteAsync(
            $"""
            UPDATE omni_request SET lease_until = {database.Now} + @lease, updated_at = {database.Now}
            WHERE request_key = @key AND attempt = @attempt AND owner = @owner AND state = 'intended'
            """,
            ("@lease", (long)database.LeaseDuration!.Value.TotalMilliseconds), ("@key", request.Task.RequestKey),
            ("@attempt", request.Attempt), ("@owner", request.Owner));
        return rows == 1 ? true : throw LedgerErrors.LeaseLost(request.Task);
    }

    public async Task InsertAsync(Session session, string eventKind, RequestRecord request)
    {
        await session.ExecuteAsync(RequestColumns.Insert, RequestColumns.Parameters(request));
        await WriteVideosAsync(session, request.Task);
        await AddEventAsync(session, eventKind, request);
    }

    public async Task UpdateAsync(Session session, string eventKind, RequestRecord before, RequestRecord after)
    {
        var (sql, parameters) = RequestColumns.Update(before, after with { UpdatedAt = before.ReadAt });
        if (parameters.Length > 1)
            await session.ExecuteAsync(sql, parameters);
        if (before.Task.Videos != after.Task.Videos)
            await WriteVideosAsync(session, after.Task);
        await AddEventAsync(session, eventKind, after);
    }

    /// <summary>
    /// An adopted row with the id of a request that was sent from here is the same task: the request's row takes over
    /// what it knows.
    /// </summary>
    public async Task<RequestRecord> MergeAdoptedAsync(Session session, RequestRecord request)
    {
        var adoptedRows = await SelectAsync(session,
            "WHERE r.task_id = @id AND r.provider = @provider AND r.attempt = 0 AND r.request_key <> @key",
            ("@key", request.Task.RequestKey), ("@provider", request.Task.Provider), ("@id", request.Task.Id));
        foreach (var adopted in adoptedRows)
        {
            request = request.Merge(adopted);
            await session.ExecuteAsync("UPDATE omni_file SET request_key = @key WHERE request_key = @adopted",
                ("@key", request.Task.RequestKey), ("@adopted", adopted.Task.RequestKey));
            await session.ExecuteAsync("DELETE FROM omni_request WHERE request_key = @adopted",
                ("@adopted", adopted.Task.RequestKey));
        }
        return request;
    }

    public Task<int> WriteFileAsync(
        Session session, RequestRecord request, int index, string path, string sha256, long bytes) =>
        session.ExecuteAsync(
        """
        INSERT INTO omni_file (request_key, position, machine, path, sha256, bytes)
        VALUES (@key, @position, @machine, @path, @sha256, @bytes)
        ON CONFLICT (request_key, position, machine)
        DO UPDATE SET path = excluded.path, sha256 = excluded.sha256, bytes = excluded.bytes
        """,
        ("@key", request.Task.RequestKey), ("@position", index), ("@machine", machine),
        ("@path", path), ("@sha256", sha256), ("@bytes", bytes));

    public Task<int> AddEventAsync(Session session, string kind, RequestRecord request, string? path = null)
    {
        var task = request.Task;
        var data = new EventData(request.Attempt, task.Provider, task.Id, task.Status.ToWireName(), task.RawStatus,
            task.Credits, task.Error?.Message, path);
        return session.ExecuteAsync(
            "INSERT INTO omni_event (at, machine, request_key, kind, data) " +
            $"VALUES ({database.Now}, @machine, @key, @kind, @data)",
            ("@machine", machine), ("@key", task.RequestKey), ("@kind", kind),
            ("@data", JsonSerializer.Serialize(data, StorageJson.Default.EventData)));
    }

    private static async Task WriteVideosAsync(Session session, VideoTask task)
    {
        await session.ExecuteAsync("DELETE FROM omni_video WHERE request_key = @key", ("@key", task.RequestKey));
        for (var i = 0; i < task.Videos.Count; i++)
        {
            await session.ExecuteAsync(
                "INSERT INTO omni_video (request_key, position, url, expires_at) " +
                "VALUES (@key, @position, @url, @expires)",
                ("@key", task.RequestKey), ("@position", i), ("@url", task.Videos[i].Url),
                ("@expires", task.Videos[i].ExpiresAt?.ToUnixTimeMilliseconds()));
        }
    }

    private async Task<List<RequestRecord>> WithVideosAsync(Session session, List<RequestRecord> requests)
    {
        var videos = new List<(string Key, int Position, VideoResult Video)>();
        var accepted = requests.Where(each => each.State == LedgerState.Accepted);
        foreach (var some in accepted.Chunk(SqlLedgerStore.ReferencesPerQuery))
        {
            // This machine's file comes first; another one's still counts as saved.
            videos.AddRange(await session.QueryAsync(
                $"""
                SELECT v.request_key, v.position, v.url, v.expires_at, f.machine, f.path, f.sha256 FROM omni_video v
                LEFT JOIN omni_file f ON f.request_key = v.request_key AND f.position = v.position
                WHERE v.request_key IN ({SqlLedgerStore.Names(some.Length)})
                ORDER BY v.request_key, v.position, CASE WHEN f.machine = @machine THEN 0 ELSE 1 END, f.machine
                """,
                row => (row.GetString(0), row.GetInt32(1), new VideoResult
                {
                    Url = row.GetString(2),
                    ExpiresAt = row.IsDBNull(3) ? null : ToTime(row.GetInt64(3)),
                    SavedOn = row.IsDBNull(4) || row.GetString(4) == machine ? null : row.GetString(4),
                    SavedPath = row.IsDBNull(5) ? null : row.GetString(5),
                    Sha256 = row.IsDBNull(6) ? null : row.GetString(6),
                }),
                [("@machine", machine), .. SqlLedgerStore.Parameters(some.Select(each => each.Task.RequestKey))]));
        }
        var byKey = videos.DistinctBy(each => (each.Key, each.Position)).ToLookup(each => each.Key, each => each.Video);
        return requests.ConvertAll(each => byKey.Contains(each.Task.RequestKey)
            ? each with { Task = each.Task with { Videos = [.. byKey[each.Task.RequestKey]] } } : each);
    }

    private static decimal? ToNumber(DbDataReader row, int i) => row.IsDBNull(i) ? null : row.GetDecimal(i);

    private static DateTimeOffset ToTime(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
