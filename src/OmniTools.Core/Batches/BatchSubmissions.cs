using System.Collections.Concurrent;
using OmniTools.Errors;
using OmniTools.Ledger;
using OmniTools.VideoTasks;

namespace OmniTools.Batches;

/// <summary>
/// Submits rows, so many at once per provider that an outage of one does not keep the other waiting. Each condition
/// either holds the row, stops what is submitted, or settles the row.
/// </summary>
internal sealed class BatchSubmissions(BatchRun run, LedgerHold ledgerHold, DayHold dayHold) : IDisposable
{
    private enum Next { Settled, Again, SettleOutcome }

    private readonly ConcurrentDictionary<string, SemaphoreSlim> gates = new();

    /// <summary>Submits a row until it is known what came of it. Null: the row is settled.</summary>
    public async Task<VideoTask?> SubmitAsync(BatchItem item)
    {
        var provider = item.Check?.Provider.Id ?? item.Record!.Task.Provider;
        var gate = gates.GetOrAdd(provider, _ => new(run.Options.ThrottleLimit));
        var delay = BatchConstants.FirstDelay;
        for (var settlements = 0; ;)
        {
            if (!await EnterAsync(gate))
            {
                run.LeaveStopped(item);
                return null;
            }
            Attempt attempt;
            try
            {
                attempt = await TryAsync(item, provider);
            }
            finally
            {
                gate.Release();
            }
            if (attempt.Task is not null || attempt.Next == Next.Settled)
                return attempt.Task;
            if (attempt.Next == Next.Again)
                continue;
            if (item.State != VideoBatchRowState.Unknown)
                run.Set(item, VideoBatchRowState.Unknown);
            if (++settlements > BatchConstants.MaximumSettlements || !await run.DelayAsync(delay))
            {
                run.Settle(item, VideoBatchRowState.Unknown, attempt.Failure?.Summary ?? "another process submits it",
                    attempt.Failure?.NextStep, Charged.Unknown, isReported: true);
                return null;
            }
            delay = delay * 2 < BatchConstants.LongestDelay ? delay * 2 : BatchConstants.LongestDelay;
        }
    }

    public void Dispose()
    {
        foreach (var gate in gates.Values)
            gate.Dispose();
    }

    private sealed record Attempt(VideoTask? Task, Next Next = Next.Settled, OmniException? Failure = null);

    private async Task<bool> EnterAsync(SemaphoreSlim gate)
    {
        try
        {
            await gate.WaitAsync(run.EndHold);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<Attempt> TryAsync(BatchItem item, string provider)
    {
        if (run.FindStop(provider) is { } stop)
        {
            run.Leave(item, stop);
            return new(null);
        }
        // What may have been sold already is counted.
        var isNew = item.State == VideoBatchRowState.ToSubmit;
        if (isNew && run.Budget.TryReserve(item.Estimate) is { } limit)
        {
            run.Leave(item, run.Stop("", limit));
            return new(null);
        }
        try
        {
            var task = item.Check is null
                ? await AskAsync(item, provider)
                : await run.Services.Submitter.SubmitAsync(item.Request!, new()
                {
                    HoldFor = run.Options.RetryFor,
                    EndHold = run.EndHold,
                    Batch = run.Batch.List.Name,
                    RowHash = item.Hash,
                }, run.Cancellation);
            if (task.Id is null)
                return new(null, Next.SettleOutcome);
            dayHold.End();
            item.IsNew = item.IsNew || isNew;
            if (isNew)
                run.AddCost(item.Estimate);
            return new(task);
        }
        catch (OmniException failure)
        {
            if (isNew && failure.Charged == Charged.No)
                run.Budget.Release(item.Estimate);
            return await HandleAsync(item, provider, failure);
        }
        catch (OperationCanceledException)
        {
            run.LeaveStopped(item);
            return new(null);
        }
    }

    // A row of unknown outcome that cannot be sent again, because a file of it is gone: its provider may know it.
    private async Task<VideoTask> AskAsync(BatchItem item, string provider)
    {
        var task = await run.Services.Ask(item.Key, provider, run.Cancellation);
        return task is { Status: VideoTaskStatus.Failed, Id: null } or { Status: VideoTaskStatus.Unknown }
            ? throw new OmniException(
            task.Status == VideoTaskStatus.Unknown ? OmniErrorKind.OutcomeUnknown : OmniErrorKind.InvalidRequest,
                item.Reason ?? "The row cannot be submitted again", new()
                {
                    Charged = task.Charged,
                    NextStep = UnknownOutcome.NextStep(provider, item.Key),
                })
            : task;
    }

    private async Task<Attempt> HandleAsync(BatchItem item, string provider, OmniException failure)
    {
        switch (failure.Kind)
        {
            // Without an inner exception the ledger can be used and refuses: it is newer, or the clock is wrong.
            case OmniErrorKind.LedgerUnavailable when failure.InnerException is not null:
                if (failure.Charged != Charged.No)
                    run.Set(item, VideoBatchRowState.Unknown);
                return await ledgerHold.WaitAsync(failure) ? new(null, Next.Again) : StopAll(item, failure);
            case OmniErrorKind.LedgerUnavailable when failure.Charged != Charged.No:
                return new(null, Next.SettleOutcome, failure);
            case OmniErrorKind.LimitReached when failure.RetryAt is not null:
                return await dayHold.WaitAsync(failure) ? new(null, Next.Again) : StopAll(item, failure);
            case OmniErrorKind.LedgerUnavailable or OmniErrorKind.InvalidConfiguration:
                return StopAll(item, failure);
            case OmniErrorKind.Authentication or OmniErrorKind.InsufficientBalance:
            case OmniErrorKind.RateLimited or OmniErrorKind.ProviderUnavailable or OmniErrorKind.TimedOut
                when failure.Charged == Charged.No:
                if (run.EndHold.IsCancellationRequested)
                    run.LeaveStopped(item);
                else
                    run.Leave(item, run.Stop(provider, failure));
                return new(null);
            case OmniErrorKind.OutcomeUnknown when failure.ProviderCode != "idempotency_result_indeterminate":
                return new(null, Next.SettleOutcome, failure);
            default:
                // What may have been sold before is not called a failure.
                var isOpen = item.State == VideoBatchRowState.Unknown || failure.Kind == OmniErrorKind.OutcomeUnknown;
                run.Settle(item, isOpen ? VideoBatchRowState.Unknown : VideoBatchRowState.Failed, failure,
                    isOpen ? Charged.Unknown : failure.Charged);
                return new(null);
        }
    }

    private Attempt StopAll(BatchItem item, OmniException failure)
    {
        if (run.EndHold.IsCancellationRequested)
            run.LeaveStopped(item);
        else
            run.Leave(item, run.Stop("", failure));
        return new(null);
    }
}
