using OmniTools.Ledger;
using OmniTools.VideoTasks;

namespace OmniTools.Storage.Sql;

/// <summary>Writes the WHERE clause of a list.</summary>
internal static class ListQuery
{
    private const string IsBefore =
        """
        (r.last_sent_at, r.request_key) <
            (SELECT b.last_sent_at, b.request_key FROM omni_request b WHERE b.request_key = @before)
        """;

    public static (string Where, (string, object?)[] Parameters) Write(VideoTaskQuery query, string status,
        IDatabase database)
    {
        var conditions = new List<string> { "1 = 1" };
        var parameters = new List<(string, object?)>();
        if (query.Statuses.Count > 0)
            Add($"{status} IN ({SqlLedgerStore.Names(query.Statuses.Count)})",
                [.. SqlLedgerStore.Parameters(query.Statuses.Select(each => each.ToWireName()))]);
        if (query.Provider is not null)
            Add("r.provider = @provider", ("@provider", query.Provider));
        if (query.Batch is not null)
            Add("r.batch = @batch", ("@batch", query.Batch));
        if (query.Since is { } since)
            Add("r.last_sent_at >= @since", ("@since", since.ToUnixTimeMilliseconds()));
        if (query.Before is not null)
            Add(IsBefore, ("@before", query.Before));
        if (query.Unsaved)
            Add("r.status = 'completed'");
        if (!string.IsNullOrEmpty(query.Search))
        {
            Add($"({Has("r.prompt")} OR {Has("r.request_key")} OR {Has("r.task_id")})", ("@search", query.Search));
        }
        return ("WHERE " + string.Join(" AND ", conditions), [.. parameters]);

        string Has(string column) => database.Contains(column, "@search");

        void Add(string condition, params (string, object?)[] values)
        {
            conditions.Add(condition);
            parameters.AddRange(values);
        }
    }
}
