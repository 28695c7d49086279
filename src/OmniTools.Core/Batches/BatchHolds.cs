using OmniTools.Errors;
using OmniTools.Ledger;

namespace OmniTools.Batches;

/// <summary>Holds a batch while the ledger cannot be used. One renewal of the batch's lease at a time finds out when it can.</summary>
internal sealed class LedgerHold(BatchRun run, IBatchLease lease)
{
    private readonly object gate = new();
    private Task<bool>? waiting;

    /// <summary>Waits until the ledger can be used again. False: it could not in the time that a batch may be held.</summary>
    public Task<bool> WaitAsync(OmniException failure)
    {
        lock (gate)
            return waiting ??= WaitUntilAvailableAsync(failure);
    }

    private async Task<bool> WaitUntilAvailableAsync(OmniException failure)
    {
        var time = run.Services.Time;
        var since = time.GetTimestamp();
        var wasReported = false;
        try
        {
            for (var delay = TimeSpan.FromSeconds(1); ; delay = Smaller(delay * 2, BatchConstants.LongestLedgerDelay))
            {
                if (!await run.DelayAsync(delay) || time.GetElapsedTime(since) > run.Options.RetryFor)
                    return false;
                try
                {
                    await lease.RenewAsync(run.Cancellation);
                    break;
                }
                catch (OmniException again) when (again.Kind == OmniErrorKind.LedgerUnavailable)
                {
                    if (!wasReported)
                        run.Notice($"{failure.Summary.TrimEnd('.')}: the batch is held until it can be used. Without it nothing is bought.");
                    wasReported = true;
                }
            }
            if (wasReported)
            {
                run.Notice($"The ledger can be used again after {BatchText.Describe(time.GetElapsedTime(since))}.");
                run.OnHeld("the ledger was away", time.GetElapsedTime(since));
            }
            return true;
        }
        finally
        {
            lock (gate)
                waiting = null;
        }
    }

    private static TimeSpan Smaller(TimeSpan one, TimeSpan other) => one < other ? one : other;
}

/// <summary>Holds the submissions of a batch while a limit of the day is reached.</summary>
internal sealed class DayHold(BatchRun run)
{
    private readonly object gate = new();
    private long? since;
    private DateTimeOffset? reportedUntil;

    /// <summary>Waits for the next day. False: that is later than a batch may be held, or nothing is to be held any longer.</summary>
    public async Task<bool> WaitAsync(OmniException limit)
    {
        var time = run.Services.Time;
        TimeSpan delay;
        lock (gate)
        {
            delay = limit.RetryAt!.Value + BatchConstants.MidnightMargin - time.GetUtcNow();
            // The ledger's clock may be behind this machine's.
            delay = delay > BatchConstants.MidnightMargin ? delay : BatchConstants.MidnightMargin;
            var held = since is { } began ? time.GetElapsedTime(began) : TimeSpan.Zero;
            if (held + delay > run.Options.RetryFor + BatchConstants.MidnightMargin)
                return false;
            since ??= time.GetTimestamp();
            if (reportedUntil != limit.RetryAt)
                run.Notice($"{limit.Summary.TrimEnd('.')}. {BatchText.Count(run.Waiting, "row")} will be submitted from {limit.RetryAt:yyyy-MM-dd HH:mm} UTC on.");
            reportedUntil = limit.RetryAt;
        }
        return await run.DelayAsync(delay);
    }

    /// <summary>A row was submitted: the limit holds nothing any more.</summary>
    public void End()
    {
        lock (gate)
        {
            // What was under way when the limit was reached says nothing.
            if (since is not { } began || run.Services.Time.GetUtcNow() < reportedUntil)
                return;
            since = null;
            var held = run.Services.Time.GetElapsedTime(began);
            run.Notice($"Submissions go on after {BatchText.Describe(held)}.");
            run.OnHeld("a daily limit held it", held);
        }
    }
}
