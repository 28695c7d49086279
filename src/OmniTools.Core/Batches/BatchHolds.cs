using OmniTools.Errors;
using OmniTools.Ledger;

namespace OmniTools.Batches;

/// <summary>
/// Holds a batch while the ledger cannot be used. One renewal of the batch's lease at a time finds out when it can.
/// </summary>
internal sealed class LedgerHold(BatchRun run, IBatchLease lease)
{
    private readonly object gate = new();
    private Task<bool> waiting = Task.FromResult(true);

    /// <summary>
    /// Waits until the ledger can be used again. False: it could not in the time that a batch may be held.
    /// </summary>
    public Task<bool> WaitAsync(OmniException failure)
    {
        lock (gate)
            return waiting = waiting.IsCompleted ? WaitUntilAvailableAsync(failure) : waiting;
    }

    private async Task<bool> WaitUntilAvailableAsync(OmniException failure)
    {
        var time = run.Services.TimeProvider;
        var start = time.GetTimestamp();
        var wasReported = false;
        for (var attempt = 1; ; attempt++)
        {
            if (!await run.DelayAsync(BatchConstants.GetLedgerDelay(attempt))
                || time.GetElapsedTime(start) > run.Options.RetryFor)
                return false;
            try
            {
                if (await lease.RenewAsync(run.Cancellation))
                    break;
                run.StopForOtherOwner();
                return false;
            }
            catch (OmniException again) when (again.Kind == OmniErrorKind.LedgerUnavailable)
            {
                if (!wasReported)
                    run.Notice($"{failure.Summary.TrimEnd('.')}: the batch is held until it can be used. Without it "
                        + "nothing is bought.");
                wasReported = true;
            }
        }
        if (wasReported)
        {
            run.Notice($"The ledger can be used again after {BatchText.Describe(time.GetElapsedTime(start))}.");
            run.OnHeld("the ledger was away", time.GetElapsedTime(start));
        }
        return true;
    }
}

/// <summary>Holds the submissions of a batch while a limit of the day is reached.</summary>
internal sealed class DayHold(BatchRun run)
{
    private readonly object gate = new();
    private long? start;
    private DateTimeOffset? reportedUntil;

    /// <summary>
    /// Waits for the next day. False: that is later than a batch may be held, or nothing is to be held any longer.
    /// </summary>
    public async Task<bool> WaitAsync(OmniException limit)
    {
        var time = run.Services.TimeProvider;
        TimeSpan delay;
        lock (gate)
        {
            delay = limit.RetryAt!.Value + BatchConstants.MidnightMargin - time.GetUtcNow();
            // The ledger's clock may be behind this machine's.
            delay = delay > BatchConstants.MidnightMargin ? delay : BatchConstants.MidnightMargin;
            var held = start is { } began ? time.GetElapsedTime(began) : TimeSpan.Zero;
            if (held + delay > run.Options.RetryFor + BatchConstants.MidnightMargin)
                return false;
            start ??= time.GetTimestamp();
            if (reportedUntil != limit.RetryAt)
                run.Notice($"{limit.Summary.TrimEnd('.')}. {BatchText.Count(run.Waiting, "row")} will be "
                    + $"submitted from {limit.RetryAt:yyyy-MM-dd HH:mm} UTC on.");
            reportedUntil = limit.RetryAt;
        }
        return await run.DelayAsync(delay);
    }

    /// <summary>Ends the hold, because a row was submitted.</summary>
    public void End()
    {
        var time = run.Services.TimeProvider;
        lock (gate)
        {
            // A submission that was running when the limit was reached does not end the hold.
            if (start is not { } began || time.GetUtcNow() < reportedUntil)
                return;
            start = null;
            var held = time.GetElapsedTime(began);
            run.Notice($"Submissions go on after {BatchText.Describe(held)}.");
            run.OnHeld("a daily limit held it", held);
        }
    }
}
