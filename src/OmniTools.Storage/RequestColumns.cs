using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using OmniTools.Ledger;
using OmniTools.Requests;
using OmniTools.VideoTasks;

namespace OmniTools.Storage;

/// <summary>
/// Maps <see cref="RequestRecord"/> to the columns of omni_request. Videos and files have tables of their own.
/// </summary>
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
        ("request", each => each.Sent is { } sent
            ? JsonSerializer.Serialize(sent.Request with { Prompt = null }, StorageJson.Default.VideoRequest) : null),
        ("content_hash", each => each.Sent?.ContentHash),
        ("body_hash", each => each.Sent?.BodyHash),
        ("attempt", each => each.Attempt),
        ("first_sent_at", each => each.FirstSentAt.ToUnixTimeMilliseconds()),
        ("last_sent_at", each => each.LastSentAt.ToUnixTimeMilliseconds()),
        ("updated_at", each => each.UpdatedAt.ToUnixTimeMilliseconds()),
        ("counted_day", each => each.CountedDay is { } day ? ToText(day) : null),
        ("owner", each => each.Owner),
        ("lease_until", each => each.LeaseUntil?.ToUnixTimeMilliseconds()),
        ("task_id", each => each.Task.Id),
        ("state", each => ToWireName(each.State)),
        ("status", each => each.Task.Status.ToWireName()),
        ("raw_status", each => each.Task.RawStatus),
        ("progress", each => each.Task.Progress),
        ("created_at", each => each.Task.CreatedAt.ToUnixTimeMilliseconds()),
        ("completed_at", each => each.Task.CompletedAt?.ToUnixTimeMilliseconds()),
        ("estimated_seconds", each => each.Task.EstimatedSeconds),
        ("generation_seconds", each => each.GenerationSeconds),
        ("estimate", each => each.Sent?.Estimate),
        ("cost", each => each.Task.Cost),
        ("credits", each => each.Task.Credits),
        ("error", each => each.Task.Error is { } error
            ? JsonSerializer.Serialize(error, StorageJson.Default.VideoTaskError) : null),
        ("batch", each => each.Task.Batch),
        ("machine", each => each.Task.Machine),
        ("row_hash", each => each.Sent?.RowHash),
    ];

    private static readonly Dictionary<string, int> Ordinals =
        Columns.Select((column, i) => (column.Name, i)).ToDictionary(each => each.Name, each => each.i);

    /// <summary>The columns to select, in the order that <see cref="Read"/> expects.</summary>
    public static string List { get; } = string.Join(", ", Columns.Select(column => "r." + column.Name));

    public static string Insert { get; } =
        $"INSERT INTO omni_request ({string.Join(", ", Ordinals.Keys)}) " +
        $"VALUES ({string.Join(", ", Ordinals.Keys.Select(name => "@" + name))})";

    /// <summary>
    /// Writes only the columns that change: the others' indexes need not be written again. An abandoned row is read as
    /// unknown, so what is stored for it is always written.
    /// </summary>
    public static (string Sql, (string, object?)[] Parameters) Update(RequestRecord before, RequestRecord after)
    {
        var isUnknown = before.State == LedgerState.Unknown;
        var changed = Columns.Skip(1).Select(column => (column.Name, Value: column.Value(after), Old: column.Value(before)))
            .Where(each => !Equals(each.Value, each.Old) || (isUnknown && each.Name is "state" or "status")).ToList();
        return ($"UPDATE omni_request SET {string.Join(", ", changed.Select(each => $"{each.Name} = @{each.Name}"))} " +
            "WHERE request_key = @request_key",
            [("@request_key", after.Task.RequestKey), .. changed.Select(each => ("@" + each.Name, each.Value))]);
    }

    public static (string, object?)[] Parameters(RequestRecord request) =>
        [.. Columns.Select(column => ("@" + column.Name, column.Value(request)))];

    /// <summary>Reads a row of <see cref="List"/>, whether it is abandoned and the ledger's time.</summary>
    public static RequestRecord Read(DbDataReader row, bool isSandbox)
    {
        var request = new RequestRecord
        {
            State = Enum.Parse<LedgerState>(Text("state")!, ignoreCase: true),
            Attempt = Whole("attempt")!.Value,
            FirstSentAt = Time("first_sent_at")!.Value,
            LastSentAt = Time("last_sent_at")!.Value,
            UpdatedAt = Time("updated_at")!.Value,
            CountedDay = Text("counted_day") is { } day
                ? DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null,
            Owner = Text("owner"),
            LeaseUntil = Time("lease_until"),
            GenerationSeconds = Whole("generation_seconds"),
            ReadAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(Columns.Length + 1)),
            Sent = Text("request") is not { } json ? null : new()
            {
                Request = ToRequest(json),
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
                Duration = Whole("duration"),
                Resolution = Text("resolution"),
                Status = ToStatus(Text("status")),
                RawStatus = Text("raw_status"),
                Progress = Whole("progress"),
                CreatedAt = Time("created_at")!.Value,
                CompletedAt = Time("completed_at"),
                EstimatedSeconds = Whole("estimated_seconds"),
                Cost = Number("cost"),
                Credits = Number("credits"),
                Error = Text("error") is { } error ? JsonSerializer.Deserialize(error, StorageJson.Default.VideoTaskError)
                    : null,
                Batch = Text("batch"),
                Machine = Text("machine"),
                IsSandbox = isSandbox,
            },
        };
        var isAbandoned = Convert.ToInt32(row.GetValue(Columns.Length), CultureInfo.InvariantCulture) != 0;
        return isAbandoned ? request.LoseOutcome(request.Attempt, null)! : request;

        string? Text(string name) => Ordinals[name] is var i && row.IsDBNull(i) ? null : row.GetString(i);
        int? Whole(string name) => Ordinals[name] is var i && row.IsDBNull(i) ? null : row.GetInt32(i);
        decimal? Number(string name) => Ordinals[name] is var i && row.IsDBNull(i) ? null : row.GetDecimal(i);
        DateTimeOffset? Time(string name) =>
            Ordinals[name] is var i && row.IsDBNull(i) ? null
            : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(i));
    }

    public static VideoRequest ToRequest(string json) =>
        JsonSerializer.Deserialize(json, StorageJson.Default.VideoRequest)!;

    public static string ToText(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A word of a newer program is taken for a task that goes on.</summary>
    public static VideoTaskStatus ToStatus(string? word) =>
        VideoTaskStatusExtensions.TryParse(word, out var status) ? status : VideoTaskStatus.InProgress;

    public static string ToWireName(LedgerState state) => state switch
    {
        LedgerState.Intended => "intended",
        LedgerState.Accepted => "accepted",
        LedgerState.Rejected => "rejected",
        _ => "unknown",
    };
}

/// <summary>What an event tells beside its kind.</summary>
internal sealed record EventData(int Attempt, string Provider, string? TaskId, string Status, string? RawStatus,
    decimal? Credits, string? Error, string? Path);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(VideoRequest))]
[JsonSerializable(typeof(VideoTaskError))]
[JsonSerializable(typeof(EventData))]
internal sealed partial class StorageJson : JsonSerializerContext;
