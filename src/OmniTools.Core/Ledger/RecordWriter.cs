using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using OmniTools.Tasks;

namespace OmniTools.Ledger;

/// <summary>
/// Writes the ledger's lines, field by field: every first use of the ledger waits for it, and a serializer would first have to make,
/// and compile, all that it knows of these types. A field that is null is left out.
/// </summary>
internal static class RecordWriter
{
    // Prompts stay readable in the file, in every script.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A record as its line, line break included.</summary>
    public static ReadOnlyMemory<byte> Line(LedgerRecord record)
    {
        var line = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(line, Readable))
            Write(json, record);
        line.Write("\n"u8);
        return line.WrittenMemory;
    }

    /// <summary>A text as it stands in a line: quoted and escaped.</summary>
    public static byte[] Text(string text)
    {
        // Nothing to escape, as in every id: the writer and its encoder take longer to come up than a recent task to be found.
        if (text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or ':'))
            return Encoding.ASCII.GetBytes($"\"{text}\"");
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Readable))
            json.WriteStringValue(text);
        return bytes.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, LedgerRecord record)
    {
        json.WriteStartObject();
        json.WriteNumber("v", record.Version);
        json.WriteString("at", record.At);
        json.WriteString("event", record.Event);
        json.WriteString("key", record.Key);
        json.Text("id", record.Id);
        json.Text("provider", record.Provider);
        json.Text("model", record.Model);
        json.Text("prompt", record.Prompt);
        json.Text("aspect_ratio", record.AspectRatio);
        json.Number("duration", record.Duration);
        json.Text("resolution", record.Resolution);
        if (record.Images is { } images)
        {
            json.WriteStartArray("images");
            foreach (var image in images)
                json.WriteStringValue(image);
            json.WriteEndArray();
        }
        json.Text("video", record.Video);
        json.Text("extend_from", record.ExtendFrom);
        json.Text("content", record.Content);
        json.Text("body", record.Body);
        json.Text("owner", record.Owner);
        json.Text("base", record.Base);
        json.Text("account", record.Account);
        json.Number("estimate", record.Estimate);
        if (record.Again is { } again)
            json.WriteBoolean("again", again);
        json.Time("since", record.Since);
        json.Text("status", record.Status);
        json.Text("raw_status", record.RawStatus);
        json.Number("progress", record.Progress);
        json.Time("created_at", record.CreatedAt);
        json.Time("completed_at", record.CompletedAt);
        json.Number("estimated_seconds", record.EstimatedSeconds);
        json.Number("cost", record.Cost);
        json.Number("credits", record.Credits);
        if (record.Videos is { } videos)
        {
            json.WriteStartArray("videos");
            foreach (var video in videos)
                WriteVideo(json, video);
            json.WriteEndArray();
        }
        if (record.Error is { } error)
        {
            json.WriteStartObject("error");
            json.WriteString("kind", error.Kind.ToString());
            json.Text("code", error.Code);
            json.WriteString("message", error.Message);
            json.WriteString("charged", error.Charged.ToString());
            json.WriteEndObject();
        }
        json.Number("index", record.Index);
        json.Text("path", record.Path);
        json.Text("sha256", record.Sha256);
        json.Number("bytes", record.Bytes);
        json.WriteEndObject();
    }

    private static void WriteVideo(Utf8JsonWriter json, VideoResult video)
    {
        json.WriteStartObject();
        json.WriteString("url", video.Url);
        json.Time("expires_at", video.ExpiresAt);
        json.Text("saved_path", video.SavedPath);
        json.Text("sha256", video.Sha256);
        json.WriteEndObject();
    }

    private static void Text(this Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }

    private static void Time(this Utf8JsonWriter json, string name, DateTimeOffset? value)
    {
        if (value is { } time)
            json.WriteString(name, time);
    }

    private static void Number(this Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
    }

    private static void Number(this Utf8JsonWriter json, string name, decimal? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
    }
}
