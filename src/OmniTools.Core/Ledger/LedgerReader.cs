using System.Text.Json;

namespace OmniTools.Ledger;

/// <summary>Reads the ledger newest first. Never blocked by a writer; what cannot be read is passed over and counted.</summary>
internal sealed class LedgerReader(LedgerFiles files)
{
    private int damaged;
    private int newer;
    private int torn;

    /// <summary>What was passed over by the last look at the ledger, in sentences for people.</summary>
    public IReadOnlyList<string> Warnings
    {
        get
        {
            var warnings = new List<string>();
            if (torn > 0)
                warnings.Add("The ledger's last line was torn (a write that did not finish) and is left out.");
            if (damaged > 0)
                warnings.Add($"{damaged} damaged or foreign line{(damaged == 1 ? "" : "s")} in {files.Folder} passed over.");
            if (newer > 0)
                warnings.Add($"{newer} line{(newer == 1 ? "" : "s")} in {files.Folder} written by a newer OmniTools passed over: update this one.");
            return warnings;
        }
    }

    /// <summary>All records, newest first; with a <paramref name="needle"/> only those whose lines hold the bytes that it gives.</summary>
    public IEnumerable<LedgerRecord> Newest(Func<byte[]>? needle = null)
    {
        (damaged, newer, torn) = (0, 0, 0);
        var segments = files.Segments();
        for (var i = segments.Count - 1; i >= 0; i--)
        {
            foreach (var line in Lines(segments[i], needle))
            {
                if (Parse(line.Bytes.Span, out var isNewer) is { } record)
                    yield return record;
                else if (line.IsUnfinished)
                    torn++;
                else if (isNewer)
                    newer++;
                else if (line.Bytes.Length > 0)
                    damaged++;
            }
        }
    }

    /// <summary>All records of one task, oldest first, by its id or request key; empty when there are none.</summary>
    public IReadOnlyList<LedgerRecord> Find(string handle, string? provider)
    {
        var searched = Needle(handle);
        string? key = null;
        var records = new List<LedgerRecord>();
        foreach (var record in Newest(() => searched))
        {
            if (key is null && (record.Id == handle || record.Key == handle) && (provider is null || record.Provider is null || record.Provider == provider))
            {
                key = record.Key;
                // Records older than the one that gave the id carry the key alone.
                if (key != handle)
                    searched = Needle(key);
            }
            if (key is null || record.Key != key)
                continue;
            records.Add(record);
            if (record.IsFirst)
                break;
        }
        records.Reverse();
        // Also without its first one, which may be damaged: what was bought is not forgotten over that.
        return records;
    }

    /// <summary>
    /// The same for many tasks, each with its place in <paramref name="wanted"/>; those that are not there are left out. A few are
    /// searched for one by one; more are picked out of one pass, which ends when the last one's first record has been seen.
    /// </summary>
    public IEnumerable<(int Place, IReadOnlyList<LedgerRecord> Records)> FindAll(IReadOnlyList<(string Handle, string Provider)> wanted)
    {
        if (wanted.Count < LedgerConstants.ManyTasks)
            return wanted.Select((each, place) => (place, Find(each.Handle, each.Provider))).Where(each => each.Item2.Count > 0);
        return Pick(wanted);
    }

    private IEnumerable<(int Place, IReadOnlyList<LedgerRecord> Records)> Pick(IReadOnlyList<(string Handle, string Provider)> wanted)
    {
        var byHandle = Enumerable.Range(0, wanted.Count).ToLookup(string? (place) => wanted[place].Handle);
        var open = new Dictionary<string, (List<int> Places, List<LedgerRecord> Records)>();
        var isKnown = new bool[wanted.Count];
        var left = wanted.Count;
        foreach (var record in Newest())
        {
            Meet(record.Id, record);
            Meet(record.Key, record);
            if (!open.TryGetValue(record.Key, out var found))
                continue;
            found.Records.Add(record);
            if (!record.IsFirst)
                continue;
            open.Remove(record.Key);
            found.Records.Reverse();
            foreach (var place in found.Places)
                yield return (place, found.Records);
            if ((left -= found.Places.Count) == 0)
                yield break;
        }
        foreach (var (places, records) in open.Values)
        {
            records.Reverse();
            foreach (var place in places)
                yield return (place, records);
        }

        void Meet(string? handle, LedgerRecord record)
        {
            foreach (var place in byHandle[handle])
            {
                if (isKnown[place] || (record.Provider is not null && record.Provider != wanted[place].Provider))
                    continue;
                isKnown[place] = true;
                if (!open.TryGetValue(record.Key, out var found))
                    open[record.Key] = found = ([], []);
                found.Places.Add(place);
            }
        }
    }

    /// <summary>The record of a line; null when it is none, and whether it is one of a newer format.</summary>
    public static LedgerRecord? Parse(ReadOnlySpan<byte> line, out bool isNewer)
    {
        // An editor may have put a byte order mark before the first one.
        if (line.StartsWith("\uFEFF"u8))
            line = line[3..];
        var record = RecordReader.Read(line);
        isNewer = record is null ? IsNewer(line) : record.Version > LedgerRecord.CurrentVersion;
        return isNewer || record is not { Key.Length: > 0, Event.Length: > 0 } ? null : record;
    }

    private IEnumerable<SegmentLine> Lines(string segment, Func<byte[]>? needle)
    {
        using var lines = (needle is null ? SegmentLines.Backward(segment) : SegmentSearch.Backward(segment, needle)).GetEnumerator();
        while (true)
        {
            try
            {
                if (!lines.MoveNext())
                    yield break;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw files.Unavailable("read", failure);
            }
            yield return lines.Current;
        }
    }

    // A search looks for the first byte, and quotes are everywhere: without the opening one it takes a quarter less. What is short keeps
    // it, or lines would be parsed for nothing whose hashes happen to end like it.
    private static byte[] Needle(string handle)
    {
        var text = RecordWriter.Text(handle);
        return text.Length < LedgerConstants.LongText ? text : text[1..];
    }

    // A newer format may have changed what a field holds; its version is still told apart from damage.
    private static bool IsNewer(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject
                && reader.Read() && reader.ValueTextEquals("v"u8)
                && reader.Read() && reader.TryGetInt32(out var version) && version > LedgerRecord.CurrentVersion;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
