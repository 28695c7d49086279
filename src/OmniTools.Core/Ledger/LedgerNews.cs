namespace OmniTools.Ledger;

/// <summary>Keeps a summary up with the segments: what was appended since it was made, by whichever process.</summary>
internal static class LedgerNews
{
    /// <summary>Takes in what is new, and says how many bytes that was. Where a segment is shorter than it was, everything is read again.</summary>
    public static LedgerSummary CatchUp(LedgerFiles files, LedgerSummary known, out long bytes)
    {
        bytes = 0;
        var state = known.State;
        foreach (var path in files.Segments())
        {
            var name = Path.GetFileName(path);
            var order = string.CompareOrdinal(name, state.Segment);
            if (order < 0)
                continue;
            if (order > 0)
                (state.Segment, state.Offset) = (name, 0);
            var length = new FileInfo(path).Length;
            if (length < state.Offset)
                return CatchUp(files, new(), out bytes);
            if (length == state.Offset)
                continue;
            foreach (var (line, next) in SegmentLines.Forward(path, state.Offset))
            {
                if (LedgerReader.Parse(line.Span, out var isNewer) is { } record)
                    known.Apply(record);
                else if (isNewer)
                    state.Newer++;
                else
                    state.Damaged++;
                bytes += next - state.Offset;
                state.Offset = next;
            }
        }
        return known;
    }

    /// <summary>
    /// Under the lock: a last line that is whole but for its line break (a write that was torn just there, an editor that cut it)
    /// gets it, for readers have shown it. What is torn elsewhere is left to the next write, which drops it.
    /// </summary>
    public static void Finish(LedgerFiles files, LedgerSummary known)
    {
        var state = known.State;
        if (state.Segment is null || new FileInfo(Path.Combine(files.Folder, state.Segment)) is not { Exists: true } segment || segment.Length <= state.Offset)
            return;
        using var file = LedgerFiles.Open(segment.FullName, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        var tail = new byte[file.Length - state.Offset];
        if (SegmentLines.Read(file.SafeFileHandle, tail, state.Offset) < tail.Length || LedgerReader.Parse(tail, out _) is not { } record)
            return;
        RandomAccess.Write(file.SafeFileHandle, "\n"u8, state.Offset + tail.Length);
        RandomAccess.FlushToDisk(file.SafeFileHandle);
        known.Apply(record);
        state.Offset += tail.Length + 1;
    }
}
