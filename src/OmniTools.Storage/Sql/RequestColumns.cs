using System.Data.Common;
using OmniTools.Ledger;
using OmniTools.Requests;
using OmniTools.VideoTasks;

namespace OmniTools.Storage.Sql;

/// <summary>Maps <see cref="RequestRecord"/> to the columns of omni_request.</summary>
internal static class RequestColumns
{
    private static readonly Column[] Columns =
    [
        new("request_key", each => each.Task.RequestKey),
        new("provider", each => each.Task.Provider),
        new("base_address", each => each.Sent?.BaseAddress),
        new("account", each => each.Sent?.Account),
        new("model", each => each.Task.Model),
        new("prompt", each => each.Task.Prompt),
        new("aspect_ratio", each => each.Task.AspectRatio),
        new("duration", each => each.Task.Duration),
        new("resolution", each => each.Task.Resolution),
        new("request", each => each.Sent is { } sent ? sent.Request with { Prompt = null } : null),
        new("content_hash", each => each.Sent?.ContentHash),
        new("body_hash", each => each.Sent?.BodyHash),
        new("attempt", each => each.Attempt),
        new("first_sent_at", each => each.FirstSentAt),
        new("last_sent_at", each => each.LastSentAt),
        new("updated_at", each => each.UpdatedAt),
        new("counted_day", each => each.CountedDay),
        new("owner", each => each.Owner),
        new("lease_until", each => each.LeaseUntil),
        new("task_id", each => each.Task.Id),
        new("state", each => each.State),
        new("status", each => each.Task.Status),
        new("raw_status", each => each.Task.RawStatus),
        new("progress", each => each.Task.Progress),
        new("created_at", each => each.Task.CreatedAt),
        new("completed_at", each => each.Task.CompletedAt),
        new("estimated_seconds", each => each.Task.EstimatedSeconds),
        new("generation_seconds", each => each.GenerationSeconds),
        new("estimate", each => each.Sent?.Estimate),
        new("cost", each => each.Task.Cost),
        new("credits", each => each.Task.Credits),
        new("error", each => each.Task.Error),
        new("batch", each => each.Task.Batch),
        new("machine", each => each.Task.Machine),
        new("row_hash", each => each.Sent?.RowHash),
        new("videos", each => each.Task.Videos),
        new("files", each => each.Files),
    ];

    private static readonly Dictionary<string, int> Ordinals =
        Columns.ToDictionary(column => column.Name, column => Array.IndexOf(Columns, column));

    /// <summary>The columns to select for <see cref="Read"/>.</summary>
    public static string List { get; } = string.Join(", ", Columns.Select(column => "r." + column.Name));

    public static string Insert { get; } =
        $"INSERT INTO omni_request ({string.Join(", ", Columns.Select(column => column.Name))}) "
        + $"VALUES ({string.Join(", ", Columns.Select(column => "@" + column.Name))})";

    public static (string, object?)[] Parameters(RequestRecord request) =>
        [.. Columns.Select(column => ("@" + column.Name, column.Value(request)))];

    /// <summary>
    /// Writes only the columns that change, and when: the others' indexes need not be written again. An abandoned row
    /// is read as unknown, so what is stored for it is always written.
    /// </summary>
    public static (string Sql, (string, object?)[] Parameters) Update(RequestRecord before, RequestRecord after)
    {
        var isUnknown = before.State == LedgerState.Unknown;
        var changed = Columns.Where(column => column.Name == "updated_at"
            || (isUnknown && column.Name is "state" or "status")
            || !Equals(column.Value(after), column.Value(before))).ToList();
        return ($"UPDATE omni_request SET {string.Join(", ", changed.Select(each => $"{each.Name} = @{each.Name}"))} "
            + "WHERE request_key = @request_key",
            [("@request_key", after.Task.RequestKey), .. changed.Select(each => ("@" + each.Name, each.Value(after)))]);
    }

    /// <summary>Reads a row of <see cref="List"/>, whether it is abandoned and the ledger's time.</summary>
    public static RequestRecord Read(DbDataReader row, string machine, bool isSandbox)
    {
        var files = row.GetJson<SavedFile[]>(Ordinals["files"]) ?? [];
        var videos = row.GetJson<StoredVideo[]>(Ordinals["videos"]) ?? [];
        var request = new RequestRecord
        {
            State = Enum.Parse<LedgerState>(Text("state")!, ignoreCase: true),
            Attempt = Integer("attempt")!.Value,
            FirstSentAt = Time("first_sent_at")!.Value,
            LastSentAt = Time("last_sent_at")!.Value,
            UpdatedAt = Time("updated_at")!.Value,
            CountedDay = row.GetDay(Ordinals["counted_day"]),
            Owner = Text("owner"),
            LeaseUntil = Time("lease_until"),
            GenerationSeconds = Integer("generation_seconds"),
            ReadAt = row.GetTime(Columns.Length + 1)!.Value,
            Files = files,
            Sent = row.GetJson<VideoRequest>(Ordinals["request"]) is not { } sent ? null : new()
            {
                Request = sent,
                BaseAddress = Text("base_address"),
                Account = Text("account"),
                ContentHash = Text("content_hash"),
                BodyHash = Text("body_hash"),
                Estimate = Number("estimate"),
                RowHash = Text("row_hash"),
            },
            Task = new()
            {
                Id = Text("task_id"),
                RequestKey = Text("request_key")!,
                Provider = Text("provider")!,
                Model = Text("model"),
                Prompt = Text("prompt"),
                AspectRatio = Text("aspect_ratio"),
                Duration = Integer("duration"),
                Resolution = Text("resolution"),
                Status = row.GetStatus(Ordinals["status"]),
                RawStatus = Text("raw_status"),
                Progress = Integer("progress"),
                CreatedAt = Time("created_at")!.Value,
                CompletedAt = Time("completed_at"),
                EstimatedSeconds = Integer("estimated_seconds"),
                Cost = Number("cost"),
                Credits = Number("credits"),
                Videos = [.. videos.Select((video, i) => ToResult(video, files.Where(file => file.Position == i)))],
                Error = row.GetJson<VideoTaskError>(Ordinals["error"]),
                Batch = Text("batch"),
                Machine = Text("machine"),
                IsSandbox = isSandbox,
            },
        };
        return row.GetInteger(Columns.Length) == 1 ? request.LoseOutcome(request.Attempt, null)! : request;

        string? Text(string name) => row.GetText(Ordinals[name]);
        int? Integer(string name) => row.GetInteger(Ordinals[name]);
        decimal? Number(string name) => row.GetNumber(Ordinals[name]);
        DateTimeOffset? Time(string name) => row.GetTime(Ordinals[name]);

        VideoResult ToResult(StoredVideo video, IEnumerable<SavedFile> saved)
        {
            // This machine's file comes first; another one's still counts as saved.
            var file = saved.OrderBy(each => each.Machine != machine).ThenBy(each => each.Machine).FirstOrDefault();
            return new()
            {
                Url = video.Url,
                ExpiresAt = video.ExpiresAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null,
                SavedPath = file?.Path,
                SavedOn = file?.Machine == machine ? null : file?.Machine,
                Sha256 = file?.Sha256,
            };
        }
    }

    private sealed record Column(string Name, Func<RequestRecord, object?> Value);
}
