using System.Data.Common;
using OmniTools.Ledger;
using OmniTools.Requests;
using OmniTools.VideoTasks;

namespace OmniTools.Storage.Sql;

/// <summary>Maps <see cref="RequestRecord"/> to the columns of omni_request.</summary>
internal static class RequestColumns
{
    private static readonly (string Name, Func<RequestRecord, object?> Value)[] Columns =
    [
        ("request_key", each => each.Task.RequestKey),
        ("provider", each => each.Task.Provider),
        ("base_address", each => each.Sent?.BaseAddress),
        ("account", each => each.Sent?.Account),
        ("model", each => each.Task.Model),
        ("prompt", each => each.Task.Prompt),
        ("aspect_ratio", each => each.Task.AspectRatio),
        ("duration", each => each.Task.Duration),
        ("resolution", each => each.Task.Resolution),
        ("request", each => each.Sent is { } sent ? sent.Request with { Prompt = null } : null),
        ("content_hash", each => each.Sent?.ContentHash),
        ("body_hash", each => each.Sent?.BodyHash),
        ("attempt", each => each.Attempt),
        ("first_sent_at", each => each.FirstSentAt),
        ("last_sent_at", each => each.LastSentAt),
        ("updated_at", each => each.UpdatedAt),
        ("counted_day", each => each.CountedDay),
        ("owner", each => each.Owner),
        ("lease_until", each => each.LeaseUntil),
        ("task_id", each => each.Task.Id),
        ("state", each => each.State),
        ("status", each => each.Task.Status),
        ("raw_status", each => each.Task.RawStatus),
        ("progress", each => each.Task.Progress),
        ("created_at", each => each.Task.CreatedAt),
        ("completed_at", each => each.Task.CompletedAt),
        ("estimated_seconds", each => each.Task.EstimatedSeconds),
        ("generation_seconds", each => each.GenerationSeconds),
        ("estimate", each => each.Sent?.Estimate),
        ("cost", each => each.Task.Cost),
        ("credits", each => each.Task.Credits),
        ("error", each => each.Task.Error),
        ("batch", each => each.Task.Batch),
        ("machine", each => each.Task.Machine),
        ("row_hash", each => each.Sent?.RowHash),
        ("videos", each => each.Task.Videos),
        ("files", each => each.Files),
    ];

    private static readonly Dictionary<string, int> Ordinals =
        Columns.Select((column, i) => (column.Name, i)).ToDictionary(each => each.Name, each => each.i);

    /// <summary>The columns to select, in the order that <see cref="Read"/> expects.</summary>
    public static string List { get; } = string.Join(", ", Ordinals.Keys.Select(name => "r." + name));

    public static string Insert { get; } = $"INSERT INTO omni_request ({string.Join(", ", Ordinals.Keys)}) "
        + $"VALUES ({string.Join(", ", Ordinals.Keys.Select(name => "@" + name))})";

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
}
