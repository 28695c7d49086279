using OmniTools.Errors;

namespace OmniTools.Batches;

/// <summary>Holds the submissions of a batch while a limit of the day is reached.</summary>
internal sealed class DayHold(BatchRunContext run)
{
    private readonly object gate = new();
    private long? start;
    private DateTimeOffset? reportedUntil;

    /// <summary>
    /// Waits for the next day. False: that is later than a batch may be held, or nothing is to be held any longer.
    /// </summary>
    public async Task<bool> WaitAsync(OmniException limit)
    {
        var (time, margin) = (run.TimeProvider, BatchConstants.MidnightMargin);
        TimeSpan delay;
        lock (gate)
        {
            delay = limit.RetryAt!.Value + margin - time.GetUtcNow();
            // The ledger's clock may be behind this machine's.
            delay = delay > margin ? delay : margin;
            var held = start is { } began ? time.GetElapsedTime(began) : TimeSpan.Zero;
            if (held + delay > run.Options.RetryFor + margin)
                return false;
            start ??= time.GetTimestamp();
            var waiting = run.Batch.Items.Count(item => item.State == VideoBatchRowState.ToSubmit);
            if (reportedUntil != limit.RetryAt)
                run.Notice($"{limit.Summary.TrimEnd('.')}. {BatchText.Count(waiting, "row")} will be "
                    + $"submitted from {limit.RetryAt:yyyy-MM-dd HH:mm} UTC on.");
            reportedUntil = limit.RetryAt;
        }
        return await run.DelayAsync(delay);
    }

    /// <summary>Ends the hold, because a row was submitted.</summary>
    public void End()
    {
        lock (gate)
        {
            // A submission that was running when the limit was reached does not end the hold.
            if (start is not { } began || run.TimeProvider.GetUtcNow() < reportedUntil)
                return;
            start = null;
            var held = run.TimeProvider.GetElapsedTime(began);
            run.Notice($"Submissions go on after {BatchText.Describe(held)}.");
            run.AddCondition("a daily limit held it", held);
        }
    }
}
