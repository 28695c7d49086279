using System.Globalization;
using System.Text.Json;

namespace OmniTools.Ledger;

/// <summary>The checkpoint's file, written and read field by field for the same reason as the records.</summary>
internal static class SnapshotJson
{
    public static void Write(Stream file, LedgerSummary.Snapshot snapshot)
    {
        using var json = new Utf8JsonWriter(file);
        json.WriteStartObject();
        json.WriteNumber("version", LedgerRecord.CurrentVersion);
        json.WriteString("segment", snapshot.Segment);
        json.WriteNumber("offset", snapshot.Offset);
        json.WriteString("latest", snapshot.Latest);
        json.WriteNumber("newer", snapshot.Newer);
        json.WriteNumber("damaged", snapshot.Damaged);
        json.WriteString("day", snapshot.Day.ToString("O", CultureInfo.InvariantCulture));
        json.WriteStartObject("open");
        foreach (var (key, open) in snapshot.Open)
        {
            json.WriteStartObject(key);
            json.WriteString("content", open.Content);
            json.WriteString("owner", open.Owner);
            json.WriteString("model", open.Model);
            json.WriteString("at", open.At);
            json.WriteBoolean("is_unknown", open.IsUnknown);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteStartObject("claims");
        foreach (var (key, claim) in snapshot.Claims)
        {
            if (claim.Credits is { } credits)
                json.WriteNumber(key, credits);
            else
                json.WriteNull(key);
        }
        json.WriteEndObject();
        json.WriteStartObject("prices");
        foreach (var (model, price) in snapshot.Prices)
            json.WriteNumber(model, price);
        json.WriteEndObject();
        json.WriteStartObject("seconds");
        foreach (var (model, seconds) in snapshot.Seconds)
            json.WriteNumber(model, seconds);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>The snapshot; null when the file holds none of this version.</summary>
    public static LedgerSummary.Snapshot? Read(ReadOnlyMemory<byte> file)
    {
        try
        {
            using var document = JsonDocument.Parse(file);
            var json = document.RootElement;
            return json.GetProperty("version").GetInt32() == LedgerRecord.CurrentVersion ? Read(json) : null;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or FormatException or KeyNotFoundException or ArgumentException)
        {
            return null;
        }
    }

    private static LedgerSummary.Snapshot Read(JsonElement json) => new()
    {
        Segment = json.GetProperty("segment").GetString(),
        Offset = json.GetProperty("offset").GetInt64(),
        Latest = json.GetProperty("latest").GetDateTimeOffset(),
        Newer = json.GetProperty("newer").GetInt32(),
        Damaged = json.GetProperty("damaged").GetInt32(),
        Day = DateOnly.ParseExact(json.GetProperty("day").GetString()!, "O", CultureInfo.InvariantCulture),
        Open = Entries(json, "open", open => new LedgerSummary.Unsettled(
            open.GetProperty("content").GetString(), open.GetProperty("owner").GetString(), open.GetProperty("model").GetString()!, open.GetProperty("at").GetDateTimeOffset(), open.GetProperty("is_unknown").GetBoolean())),
        Claims = Entries(json, "claims", claim => new LedgerSummary.Claim(claim.ValueKind == JsonValueKind.Null ? null : claim.GetDecimal())),
        Prices = Entries(json, "prices", price => price.GetDecimal()),
        Seconds = Entries(json, "seconds", seconds => seconds.GetDouble()),
    };

    private static Dictionary<string, T> Entries<T>(JsonElement json, string name, Func<JsonElement, T> read)
    {
        var entries = new Dictionary<string, T>();
        foreach (var entry in json.GetProperty(name).EnumerateObject())
            entries[entry.Name] = read(entry.Value);
        return entries;
    }
}
