using OmniTools.Ledger;
using OmniTools.VideoTasks;

namespace OmniTools.Storage.Sql;

/// <content>What is read.</content>
internal sealed partial class SqlLedgerStore
{
    private const string IsBefore =
        """
        (r.last_sent_at, r.request_key) <
            (SELECT b.last_sent_at, b.request_key FROM omni_request b WHERE b.request_key = @before)
        """;

    public Task<RequestRecord?> FindAsync(string reference, string? provider, CancellationToken cancellationToken) =>
        ReadAsync(session => table.FindAsync(session, reference, provider), cancellationToken);

    public Task<IReadOnlyList<RequestRecord>> FindManyAsync(IReadOnlyCollection<string> references,
        CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<RequestRecord>>(async session => await table.SelectAsync(session,
            $"WHERE {database.IsOneOf("r.request_key", "@keys")} OR {database.IsOneOf("r.task_id", "@keys")}",
            ("@keys", references.ToArray())), cancellationToken);

    public Task<VideoTaskPage> ListAsync(VideoTaskQuery query, CancellationToken cancellationToken) =>
        ReadAsync(async session =>
        {
            var tasks = new List<VideoTask>();
            string? before = query.Before, last = "";
            // One row more than the page holds: it shows whether there is another page.
            for (; tasks.Count <= query.Limit && last is not null; before = last)
            {
                var found = await SelectPageAsync(session, query with { Before = before });
                // Whether a file was deleted only the disk knows.
                tasks.AddRange(found.Select(request => request.Task).Where(task => !query.Unsaved || task.IsUnsaved));
                last = found.Count > query.Limit ? found[^1].Task.RequestKey : null;
            }
            var hasMore = tasks.Count > query.Limit;
            return new VideoTaskPage
            {
                Tasks = hasMore ? tasks[..query.Limit] : tasks,
                NextCursor = hasMore ? tasks[query.Limit - 1].RequestKey : null,
                Warnings = [.. database.Warnings, .. await migrations.GetWarningsAsync(session)],
            };
        }, cancellationToken);

    public Task<LedgerDay> GetDayAsync(string? contentHash, CancellationToken cancellationToken) =>
        ReadAsync(session => table.GetDayAsync(session, contentHash), cancellationToken);

    public Task<TimeSpan?> GetAverageDurationAsync(string provider, string? model,
        CancellationToken cancellationToken) =>
        ReadAsync(async session =>
        {
            var seconds = await session.QueryAsync(
                """
                SELECT generation_seconds FROM omni_request WHERE provider = @provider AND model = @model
                AND status = 'completed' ORDER BY last_sent_at DESC LIMIT 20
                """,
                row => row.GetInteger(0), ("@provider", provider), ("@model", model));
            return seconds.Average() is { } average ? TimeSpan.FromSeconds(average) : (TimeSpan?)null;
        }, cancellationToken);

    public Task<IReadOnlyList<RequestRecord>> FindCompletedAsync(string provider, string model, int? duration,
        string? resolution, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<RequestRecord>>(async session => await table.SelectAsync(session,
            """
            WHERE r.provider = @provider AND r.model = @model AND r.status = 'completed'
            AND r.duration IS NOT DISTINCT FROM @duration AND r.resolution IS NOT DISTINCT FROM @resolution
            ORDER BY r.last_sent_at DESC LIMIT 100
            """,
            ("@provider", provider), ("@model", model), ("@duration", duration), ("@resolution", resolution)),
            cancellationToken);

    private Task<List<RequestRecord>> SelectPageAsync(Session session, VideoTaskQuery query)
    {
        (bool IsWanted, string Condition)[] conditions =
        [
            (query.Statuses.Count > 0, database.IsOneOf(table.Status, "@statuses")),
            (query.Provider is not null, "r.provider = @provider"),
            (query.Batch is not null, "r.batch = @batch"),
            (query.Since is not null, "r.last_sent_at >= @since"),
            (query.Before is not null, IsBefore),
            (query.Unsaved, "r.status = 'completed'"),
            (!string.IsNullOrEmpty(query.Search),
                $"({Has("r.prompt")} OR {Has("r.request_key")} OR {Has("r.task_id")})"),
        ];
        var where = string.Join(" AND ", conditions.Where(each => each.IsWanted).Select(each => each.Condition));
        return table.SelectAsync(session, (where == "" ? "" : $"WHERE {where} ")
            + "ORDER BY r.last_sent_at DESC, r.request_key DESC LIMIT @limit",
            ("@statuses", query.Statuses.Select(each => each.ToWireName()).ToArray()), ("@provider", query.Provider),
            ("@batch", query.Batch), ("@since", query.Since), ("@before", query.Before), ("@search", query.Search),
            ("@limit", query.Limit + 1L));

        string Has(string column) => database.Contains(column, "@search");
    }
}
