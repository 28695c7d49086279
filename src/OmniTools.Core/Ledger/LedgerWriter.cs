using OmniTools.Http;

namespace OmniTools.Ledger;

/// <summary>
/// Appends to the ledger: one writer at a time over all processes, one record a write, on disk before the caller goes on.
/// Callers of this process that wait at the same time share one lock and one flush.
/// </summary>
internal sealed class LedgerWriter(LedgerFiles files, TimeProvider time)
{
    /// <summary>How long another process may hold the lock before the caller is told.</summary>
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(30);

    /// <summary>A checkpoint is written when this much came after the last one.</summary>
    private const long CheckpointEvery = 512 * 1024;

    /// <summary>The longest pause between two looks at a lock that another process holds.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(25);

    /// <summary>How long one process goes on writing; then it leaves the lock for longer than the others pause.</summary>
    private static readonly TimeSpan LongestTurn = TimeSpan.FromMilliseconds(250);

    private readonly object gate = new();
    private List<Append> waiting = [];
    private bool isDraining;
    private LedgerSummary? summary;
    private long sinceCheckpoint;

    private sealed record Append(Func<LedgerSummary, LedgerRecord?> Decide, TaskCompletionSource<LedgerRecord?> Done);

    /// <summary>
    /// Appends what <paramref name="decide"/> gives; it runs under the lock with the ledger's newest state, and may refuse by
    /// throwing or append nothing by giving null. Completes when the record is on disk.
    /// </summary>
    public Task<LedgerRecord?> AppendAsync(Func<LedgerSummary, LedgerRecord?> decide)
    {
        var append = new Append(decide, new(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (gate)
        {
            waiting.Add(append);
            if (isDraining)
                return append.Done.Task;
            isDraining = true;
        }
        _ = DrainAsync();
        return append.Done.Task;
    }

    /// <summary>The ledger's state now, read without the lock.</summary>
    public LedgerSummary Look()
    {
        try
        {
            return CatchUp(LedgerCheckpoint.Read(files) ?? new());
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw files.Unavailable("read", failure);
        }
    }

    private async Task DrainAsync()
    {
        for (List<Append>? batch = null; (batch ??= Take(orEnd: true)) is not null;)
        {
            try
            {
                files.Create();
                using (await LockAsync())
                {
                    var known = summary = CatchUp(summary ?? LedgerCheckpoint.Read(files) ?? new());
                    // Who comes meanwhile is served under the same lock.
                    var began = time.GetTimestamp();
                    do
                    {
                        Write(batch!, known);
                        batch = Take(orEnd: false);
                    }
                    while (batch is not null && time.GetElapsedTime(began) < LongestTurn);
                }
                if (batch is not null)
                    await Task.Delay(LongestPause * 1.2, time);
            }
            catch (Exception failure)
            {
                // The files are the truth: what is remembered of them is made again.
                summary = null;
                var error = failure is IOException or UnauthorizedAccessException ? files.Unavailable("write", failure) : failure;
                foreach (var append in batch ?? [])
                    append.Done.TrySetException(error);
                batch = null;
            }
        }
    }

    // All that wait; null when none do, and then, at the end, the next to come drains.
    private List<Append>? Take(bool orEnd)
    {
        lock (gate)
        {
            if (waiting.Count == 0)
            {
                isDraining &= !orEnd;
                return null;
            }
            var batch = waiting;
            waiting = [];
            return batch;
        }
    }

    private async Task<FileStream> LockAsync()
    {
        var began = time.GetTimestamp();
        for (var pause = TimeSpan.FromMilliseconds(1); ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                return LedgerFiles.Open(files.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(files.Lock) && time.GetElapsedTime(began) < LockTimeout)
            {
                await Task.Delay(pause, time);
            }
        }
    }

    private void Write(List<Append> batch, LedgerSummary known)
    {
        var decided = new List<(Append Append, LedgerRecord? Record)>(batch.Count);
        FileStream? segment = null;
        long began = 0, end = 0;
        try
        {
            foreach (var append in batch)
            {
                LedgerRecord? record;
                try
                {
                    record = append.Decide(known);
                }
                catch (Exception refusal)
                {
                    // Its own caller's trouble; the others of the batch are served.
                    append.Done.TrySetException(refusal);
                    continue;
                }
                if (record is not null)
                {
                    record = record with { At = known.Now(time) };
                    if (segment is null)
                    {
                        segment = OpenSegment(record.At, known.State);
                        began = end = segment.Length;
                    }
                    var line = RecordWriter.Line(record);
                    OmniTrace.Debug($"ledger: writing {record.Event} of {record.Key}");
                    RandomAccess.Write(segment.SafeFileHandle, line.Span, end);
                    end += line.Length;
                    known.Apply(record);
                }
                decided.Add((append, record));
            }
            if (segment is not null)
                RandomAccess.FlushToDisk(segment.SafeFileHandle);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Nothing of this batch may stand that its callers were told had failed.
            segment?.SetLength(began);
            throw;
        }
        finally
        {
            segment?.Dispose();
        }
        if (segment is not null)
        {
            known.State.Offset = end;
            sinceCheckpoint += end - began;
        }
        if (OmniTrace.IsOn)
        {
            foreach (var (_, record) in decided.Where(each => each.Record is not null))
                OmniTrace.Debug($"ledger: {record!.Event} of {record.Key} is on disk");
        }
        foreach (var (append, record) in decided)
            append.Done.TrySetResult(record);
        if (sinceCheckpoint > CheckpointEvery && LedgerCheckpoint.TryWrite(files, known))
            sinceCheckpoint = 0;
    }

    // The newest segment, unless the month has turned; never an older one, whatever the clock says.
    private FileStream OpenSegment(DateTimeOffset at, LedgerSummary.Snapshot state)
    {
        var path = files.Segment(at);
        if (string.CompareOrdinal(state.Segment, Path.GetFileName(path)) > 0)
            path = Path.Combine(files.Folder, state.Segment!);
        var segment = LedgerFiles.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        // The lock is held: what stands behind the last line break is a torn write of a process that is gone.
        if (Path.GetFileName(path) == state.Segment && segment.Length > state.Offset)
        {
            OmniTrace.Verbose($"The ledger's last line was torn by a write that did not finish; its {segment.Length - state.Offset} bytes are dropped");
            segment.SetLength(state.Offset);
        }
        state.Segment = Path.GetFileName(path);
        return segment;
    }

    private LedgerSummary CatchUp(LedgerSummary known)
    {
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
                return CatchUp(new());
            if (length == state.Offset)
                continue;
            foreach (var (bytes, next) in SegmentLines.Forward(path, state.Offset))
            {
                if (LedgerReader.Parse(bytes.Span, out var isNewer) is { } record)
                    known.Apply(record);
                else if (isNewer)
                    state.Newer++;
                else
                    state.Damaged++;
                sinceCheckpoint += next - state.Offset;
                state.Offset = next;
            }
        }
        return known;
    }
}
