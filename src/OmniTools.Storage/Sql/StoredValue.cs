using System.Data.Common;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using OmniTools.Ledger;
using OmniTools.Requests;
using OmniTools.VideoTasks;

namespace OmniTools.Storage.Sql;

/// <summary>
/// How values are stored: times as milliseconds since 1970, enums as words, records as JSON. The same in each database.
/// </summary>
internal static class StoredValue
{
    private const string DayFormat = "yyyy-MM-dd";

    public static object From(object? value) => value switch
    {
        null => DBNull.Value,
        string text => ToStorable(text),
        DateTimeOffset time => time.ToUnixTimeMilliseconds(),
        TimeSpan duration => (long)duration.TotalMilliseconds,
        DateOnly day => day.ToString(DayFormat, CultureInfo.InvariantCulture),
        VideoTaskStatus status => status.ToWireName(),
        LedgerState state => state.ToString().ToLowerInvariant(),
        int or long or decimal => value,
        IReadOnlyCollection<object> { Count: 0 } => DBNull.Value,
        IEnumerable<VideoResult> videos =>
            From(videos.Select(each => new StoredVideo(each.Url, each.ExpiresAt?.ToUnixTimeMilliseconds())).ToArray()),
        IEnumerable<SavedFile> files and not SavedFile[] => From(files.ToArray()),
        _ => ToStorable(JsonSerializer.Serialize(value, value.GetType(), StorageJson.Default)),
    };

    public static string? GetText(this DbDataReader row, int i) => row.IsDBNull(i) ? null : row.GetString(i);

    public static int? GetInteger(this DbDataReader row, int i) => row.IsDBNull(i) ? null : row.GetInt32(i);

    public static decimal? GetNumber(this DbDataReader row, int i) => row.IsDBNull(i) ? null : row.GetDecimal(i);

    public static DateTimeOffset? GetTime(this DbDataReader row, int i) =>
        row.IsDBNull(i) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(i));

    public static DateOnly? GetDay(this DbDataReader row, int i) =>
        row.GetText(i) is { } day ? DateOnly.ParseExact(day, DayFormat, CultureInfo.InvariantCulture) : null;

    /// <summary>A word of a newer program is taken for a task that goes on.</summary>
    public static VideoTaskStatus GetStatus(this DbDataReader row, int i) =>
        VideoTaskStatusExtensions.TryParse(row.GetText(i), out var status) ? status : VideoTaskStatus.InProgress;

    public static T? GetJson<T>(this DbDataReader row, int i)
        where T : class =>
        row.GetText(i) is { } json ? (T?)JsonSerializer.Deserialize(json, typeof(T), StorageJson.Default) : null;

    // PostgreSQL stores neither NUL nor half a surrogate pair; a provider's text with one must not make recording it
    // fail.
    private static string ToStorable(string text) =>
        Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD');
}

/// <summary>A video as it is stored; its files are stored beside it.</summary>
internal sealed record StoredVideo(string Url, long? ExpiresAt);

/// <summary>The data of an event beside its kind.</summary>
internal sealed record EventData(int Attempt, string Provider, string? TaskId, string Status, string? RawStatus,
    decimal? Credits, string? Error, string? Path);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(VideoRequest))]
[JsonSerializable(typeof(VideoTaskError))]
[JsonSerializable(typeof(StoredVideo[]))]
[JsonSerializable(typeof(SavedFile[]))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(EventData))]
internal sealed partial class StorageJson : JsonSerializerContext;
