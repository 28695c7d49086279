using System.Collections.Concurrent;
using OmniTools.Errors;
using OmniTools.Ledger;
using OmniTools.VideoTasks;

namespace OmniTools.Batches;

/// <summary>
/// Submits rows, so many at once per provider that an outage of one does not keep the other waiting. Each condition
/// either holds the row, stops what is submitted, or settles the row.
/// </summary>
internal sealed class BatchSubmissions(BatchServices services, BatchRunContext run, LedgerHold ledgerHold) : IDisposable
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> gates = new();
    private readonly BatchBudget budget = new(run.Options, run.Batch.Ledger.Purchases);
    private readonly DayHold dayHold = new(run);

    private enum Next { SettleOutcome, TryAgain, End }

    /// <summary>Submits a row until its outcome is known. Null: the row is settled.</summary>
    public async Task<VideoTask?> SubmitAsync(BatchItem item)
    {
        var provider = item.Check?.Provider.Id ?? item.Record!.Task.Provider;
        var gate = gates.GetOrAdd(provider, _ => new(run.Options.ThrottleLimit));
        var wasNew = item.State == VideoBatchRowState.ToSubmit;
        long? unknownSince = null;
        for (var settlements = 0; await run.EnterAsync(gate, item);)
        {
            OmniException? failure = null;
            var next = Next.SettleOutcome;
            // A request that may have been sold already is in the budget.
            var isNew = item.State == VideoBatchRowState.ToSubmit;
            var start = run.TimeProvider.GetTimestamp();
            try
            {
                if (!TryReserve(item, provider, isNew))
                    return null;
                var task = item.Check is null ? await AskAsync(item, provider)
                    : await SendAsync(item, run.TimeProvider.GetElapsedTime(unknownSince ?? start));
                if (task.Id is not null)
                {
                    dayHold.End();
                    if (wasNew)
                        run.CountPurchase(item);
                    return task;
                }
            }
            catch (OmniException caught)
            {
                failure = caught;
                if (isNew && failure.Charged == Charged.No)
                    budget.Release(item.Estimate);
                next = await HandleAsync(item, provider, failure);
            }
            catch (OperationCanceledException)
            {
                run.Leave(item, null);
                return null;
            }
            finally
            {
                gate.Release();
            }
            if (next == Next.End)
                return null;
            if (next == Next.TryAgain)
                continue;
            run.Set(item, VideoBatchRowState.Unknown);
            unknownSince ??= start;
            if (++settlements <= BatchConstants.MaximumSettlements
                && await run.DelayAsync(BatchConstants.GetDelay(settlements)))
                continue;
            item.LeftBy = failure;
            run.Settle(item, VideoBatchRowState.Unknown, failure?.Summary ?? "another process submits it",
                failure?.NextStep, Charged.Unknown);
            return null;
        }
        return null;
    }

    /// <summary>
    /// Finds out at the end of a run whether the limit of the list has room again: rows were refused, or cost less than
    /// was estimated. The next run then goes on with the rows that were left for it.
    /// </summary>
    public async Task CheckListLimitAsync()
    {
        if (run.ListLimit is not { } limit)
            return;
        var left = run.Batch.Items.Where(item => item.LeftBy == limit).ToList();
        try
        {
            var requests = await services.Ledger.Batches.GetRequestsAsync(run.Options.Name!, run.Cancellation);
            var purchases = requests.Where(BatchLedger.IsPurchase).ToList();
            if (new BatchBudget(run.Options, purchases).TryReserve(left[0].Estimate) is not null)
                return;
        }
        catch (Exception failure) when (failure is OmniException or OperationCanceledException)
        {
            // Not known: the next run finds out.
        }
        left.ForEach(item => item.LeftBy = null);
    }

    public void Dispose()
    {
        foreach (var gate in gates.Values)
            gate.Dispose();
    }

    private Task<VideoTask> SendAsync(BatchItem item, TimeSpan held) =>
        services.Submitter.SubmitAsync(item.Request!, new()
        {
            HoldFor = run.Options.RetryFor - held,
            EndHold = run.EndHold,
            Batch = run.Options.Name,
            RowHash = item.Hash,
        }, run.Cancellation);

    // A row of unknown outcome that cannot be sent again, because a file of it is gone: its provider may know it.
    private async Task<VideoTask> AskAsync(BatchItem item, string provider)
    {
        var task = await services.GetTask(item.Key, provider, run.Cancellation);
        var isUnknown = task.Status == VideoTaskStatus.Unknown;
        return isUnknown || task is { Status: VideoTaskStatus.Failed, Id: null }
            ? throw new OmniException(isUnknown ? OmniErrorKind.OutcomeUnknown : OmniErrorKind.InvalidRequest,
                item.Reason ?? "The row cannot be submitted again",
                new() { Charged = task.Charged, NextStep = UnknownOutcome.NextStep(provider, item.Key) })
            : task;
    }

    // False: the row is left, because of its price or because nothing more is submitted.
    private bool TryReserve(BatchItem item, string provider, bool isNew)
    {
        if (run.FindStop(provider) is { } stop)
            run.Leave(item, stop);
        else if (isNew && budget.FindUnknownPrice(item.Estimate) is { } unknown)
            run.Settle(item, item.State, unknown, unknown.Charged);
        else if (isNew && (run.ListLimit ?? budget.TryReserve(item.Estimate)) is { } limit)
            run.Leave(item, run.StopBuying(limit));
        else
            return true;
        return false;
    }

    private async Task<Next> HandleAsync(BatchItem item, string provider, OmniException failure)
    {
        switch (failure.Kind)
        {
            // Without an inner exception the ledger can be used and refuses: it is newer, or the clock is wrong.
            case OmniErrorKind.LedgerUnavailable when failure.InnerException is not null:
                if (failure.Charged != Charged.No)
                    run.Set(item, VideoBatchRowState.Unknown);
                return await ledgerHold.WaitAsync(failure) ? Next.TryAgain : Stop(item, "", failure);
            case OmniErrorKind.LedgerUnavailable when failure.Charged != Charged.No:
            case OmniErrorKind.OutcomeUnknown when failure.ProviderCode != "idempotency_result_indeterminate":
                return Next.SettleOutcome;
            case OmniErrorKind.LimitReached when failure.RetryAt is not null:
                return await dayHold.WaitAsync(failure) ? Next.TryAgain : Stop(item, "", failure);
            case OmniErrorKind.LimitReached:
                // The price of this clip is not known, or above the limit; others may be within it.
                run.Settle(item, item.State, failure, failure.Charged);
                return Next.End;
            case OmniErrorKind.LedgerUnavailable or OmniErrorKind.InvalidConfiguration:
                return Stop(item, "", failure);
            case OmniErrorKind.Authentication or OmniErrorKind.InsufficientBalance:
            case OmniErrorKind.RateLimited or OmniErrorKind.ProviderUnavailable or OmniErrorKind.TimedOut
                when failure.Charged == Charged.No:
                return Stop(item, provider, failure);
            default:
                // A row that may have been sold before is not a failed one.
                var isOpen = item.State == VideoBatchRowState.Unknown || failure.Kind == OmniErrorKind.OutcomeUnknown;
                run.Settle(item, isOpen ? VideoBatchRowState.Unknown : VideoBatchRowState.Failed, failure,
                    isOpen ? Charged.Unknown : failure.Charged);
                return Next.End;
        }
    }

    private Next Stop(BatchItem item, string provider, OmniException failure)
    {
        run.Leave(item, run.EndHold.IsCancellationRequested ? null : run.Stop(provider, failure));
        return Next.End;
    }
}
