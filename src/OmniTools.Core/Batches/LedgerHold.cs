using OmniTools.Errors;
using OmniTools.Ledger;

namespace OmniTools.Batches;

/// <summary>
/// Holds a batch while the ledger cannot be used. One renewal of the batch's lease at a time finds out when it can.
/// </summary>
internal sealed class LedgerHold(BatchRunContext run, BatchLease lease)
{
    private readonly object gate = new();
    private Task<bool> waiting = Task.FromResult(true);

    /// <summary>
    /// Waits until the ledger can be used again and this run still owns the batch. False: nothing more is submitted,
    /// because another run took over or the ledger was away for longer than a batch may be held.
    /// </summary>
    public Task<bool> WaitAsync(OmniException failure)
    {
        lock (gate)
            return waiting = waiting.IsCompleted ? WaitUntilAvailableAsync(failure) : waiting;
    }

    private async Task<bool> WaitUntilAvailableAsync(OmniException failure)
    {
        var start = run.TimeProvider.GetTimestamp();
        var wasReported = false;
        for (var attempt = 1; ; attempt++)
        {
            if (!await run.DelayAsync(BatchConstants.GetLedgerDelay(attempt))
                || run.TimeProvider.GetElapsedTime(start) > run.Options.RetryFor)
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
            catch (OperationCanceledException)
            {
                return false;
            }
        }
        if (wasReported)
        {
            var held = run.TimeProvider.GetElapsedTime(start);
            run.Notice($"The ledger can be used again after {BatchText.Describe(held)}.");
            run.AddCondition("the ledger was away", held);
        }
        return true;
    }
}
