using OmniTools.Http;

namespace OmniTools.Ledger;

/// <summary>
/// Appends to the ledger: one writer at a time over all processes, one record a write, on disk before the caller goes on.
/// Callers of this process that wait at the same time share one lock and one flush.
/// </summary>
internal sealed class LedgerWriter(LedgerFiles files, TimeProvider time)
{
    /// <summary>A checkpoint is written when this much came after the last one.</summary>
    private const long CheckpointEvery = 512 * 1024;

    /// <summary>How long one process goes on writing; then it leaves the lock for longer than the others pause.</summary>
    private static readonly TimeSpan LongestTurn = TimeSpan.FromMilliseconds(250);

    private readonly LedgerLock writersLock = new(files, time);
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
            return LedgerNews.CatchUp(files, LedgerCheckpoint.Read(files) ?? new(), out _);
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
                using (await writersLock.TakeAsync())
                {
                    var known = CatchUp();
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
                    await Task.Delay(LedgerLock.LongestPause * 1.2, time);
            }
            catch (Exception failure)
            {
                // The files are the truth: what is remembered of them is made again.
                summary = null;
                foreach (var append in batch ?? [])
                    append.Done.TrySetException(Shown(failure));
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

    private LedgerSummary CatchUp()
    {
        summary = LedgerNews.CatchUp(files, summary ?? LedgerCheckpoint.Read(files) ?? new(), out var bytes);
        LedgerNews.Finish(files, summary);
        sinceCheckpoint += bytes;
        return summary;
    }

    private void Write(List<Append> batch, LedgerSummary known)
    {
        var decided = new List<(Append Append, LedgerRecord? Record)>(batch.Count);
        SegmentEnd? segment = null;
        try
        {
            foreach (var append in batch)
            {
                try
                {
                    var record = append.Decide(known);
                    if (record is not null)
                    {
                        record = record with { At = known.Now(time) };
                        segment ??= SegmentEnd.Open(files, known.State, record.At);
                        OmniTrace.Debug($"ledger: writing {record.Event} of {record.Key}");
                        segment.Add(RecordWriter.Line(record).Span);
                        known.Apply(record);
                    }
                    decided.Add((append, record));
                }
                catch (Exception failure)
                {
                    // Its own caller's trouble; the others of the batch are served.
                    append.Done.TrySetException(Shown(failure));
                }
            }
            segment?.Flush();
        }
        finally
        {
            segment?.Dispose();
        }
        if (segment is not null)
        {
            known.State.Offset = segment.End;
            sinceCheckpoint += segment.Added;
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

    private Exception Shown(Exception failure) => failure is IOException or UnauthorizedAccessException ? files.Unavailable("write", failure) : failure;
}
