using System.Text.Json;
using OmniTools.Errors;
using OmniTools.Tasks;

namespace OmniTools.Ledger;

/// <summary>
/// Reads the ledger's lines, field by field, as <see cref="RecordWriter"/> writes them. A field that is null counts as left out, one
/// that is not known is passed over.
/// </summary>
internal static class RecordReader
{
    private const int LongestName = 32;

    private delegate T Reading<T>(ref Utf8JsonReader json);

    /// <summary>The record of a line; null when it is none.</summary>
    public static LedgerRecord? Read(ReadOnlySpan<byte> line)
    {
        try
        {
            var json = new Utf8JsonReader(line);
            return json.Read() && Record(ref json) is { } record && !json.Read() ? record : null;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or FormatException)
        {
            // No JSON, or a field of another type.
            return null;
        }
    }

    private static LedgerRecord Record(ref Utf8JsonReader json)
    {
        var record = new LedgerRecord { Event = "", Key = "" };
        Span<char> name = stackalloc char[LongestName];
        for (Enter(ref json); Next(ref json, name, out var length);)
        {
            switch (name[..length])
            {
                case "v": record.Version = json.GetInt32(); break;
                case "at": record.At = json.GetDateTimeOffset(); break;
                case "event": record.Event = json.GetString()!; break;
                case "key": record.Key = json.GetString()!; break;
                case "id": record.Id = json.GetString(); break;
                case "provider": record.Provider = json.GetString(); break;
                case "model": record.Model = json.GetString(); break;
                case "prompt": record.Prompt = json.GetString(); break;
                case "aspect_ratio": record.AspectRatio = json.GetString(); break;
                case "duration": record.Duration = json.GetInt32(); break;
                case "resolution": record.Resolution = json.GetString(); break;
                case "images": record.Images = Items(ref json, static (ref Utf8JsonReader item) => item.GetString()!); break;
                case "video": record.Video = json.GetString(); break;
                case "extend_from": record.ExtendFrom = json.GetString(); break;
                case "content": record.Content = json.GetString(); break;
                case "body": record.Body = json.GetString(); break;
                case "owner": record.Owner = json.GetString(); break;
                case "base": record.Base = json.GetString(); break;
                case "account": record.Account = json.GetString(); break;
                case "estimate": record.Estimate = json.GetDecimal(); break;
                case "again": record.Again = json.GetBoolean(); break;
                case "since": record.Since = json.GetDateTimeOffset(); break;
                case "status": record.Status = json.GetString(); break;
                case "raw_status": record.RawStatus = json.GetString(); break;
                case "progress": record.Progress = json.GetInt32(); break;
                case "created_at": record.CreatedAt = json.GetDateTimeOffset(); break;
                case "completed_at": record.CompletedAt = json.GetDateTimeOffset(); break;
                case "estimated_seconds": record.EstimatedSeconds = json.GetInt32(); break;
                case "cost": record.Cost = json.GetDecimal(); break;
                case "credits": record.Credits = json.GetDecimal(); break;
                case "videos": record.Videos = Items(ref json, Video); break;
                case "error": record.Error = Error(ref json); break;
                case "index": record.Index = json.GetInt32(); break;
                case "path": record.Path = json.GetString(); break;
                case "sha256": record.Sha256 = json.GetString(); break;
                case "bytes": record.Bytes = json.GetInt64(); break;
                default: json.Skip(); break;
            }
        }
        return record;
    }

    private static VideoResult Video(ref Utf8JsonReader json)
    {
        var video = new VideoResult { Url = "" };
        Span<char> name = stackalloc char[LongestName];
        for (Enter(ref json); Next(ref json, name, out var length);)
        {
            switch (name[..length])
            {
                case "url": video = video with { Url = json.GetString()! }; break;
                case "expires_at": video = video with { ExpiresAt = json.GetDateTimeOffset() }; break;
                case "saved_path": video = video with { SavedPath = json.GetString() }; break;
                case "sha256": video = video with { Sha256 = json.GetString() }; break;
                default: json.Skip(); break;
            }
        }
        return video;
    }

    private static TaskError Error(ref Utf8JsonReader json)
    {
        var error = new TaskError { Kind = OmniErrorKind.TaskFailed, Message = "", Charged = Charged.Unknown };
        Span<char> name = stackalloc char[LongestName];
        for (Enter(ref json); Next(ref json, name, out var length);)
        {
            switch (name[..length])
            {
                case "kind": error = error with { Kind = Word(ref json, error.Kind) }; break;
                case "code": error = error with { Code = json.GetString() }; break;
                case "message": error = error with { Message = json.GetString()! }; break;
                case "charged": error = error with { Charged = Word(ref json, error.Charged) }; break;
                default: json.Skip(); break;
            }
        }
        return error;
    }

    private static void Enter(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
            throw new JsonException();
    }

    // Goes on to the next field that is not null: its name, and the reader at its value. A name that is too long is not known.
    private static bool Next(ref Utf8JsonReader json, scoped Span<char> name, out int length)
    {
        length = 0;
        do
        {
            if (!json.Read() || json.TokenType != JsonTokenType.PropertyName)
                return false;
            length = json.ValueSpan.Length > LongestName ? 0 : json.CopyString(name);
            json.Read();
        }
        while (json.TokenType == JsonTokenType.Null);
        return true;
    }

    private static List<T> Items<T>(ref Utf8JsonReader json, Reading<T> read)
    {
        if (json.TokenType != JsonTokenType.StartArray)
            throw new JsonException();
        var items = new List<T>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            items.Add(read(ref json));
        return items;
    }

    // A word of a later version must not take the rest of the record with it: the task's id may stand beside it.
    private static T Word<T>(ref Utf8JsonReader json, T other)
        where T : struct, Enum => Enum.TryParse<T>(json.GetString(), out var word) && Enum.IsDefined(word) ? word : other;
}
