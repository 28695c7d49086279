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
    private readonly ConcurrentDictionary<string, SemaphoreSlim> gates = new();

    private enum Outcome { Accepted, Settled, TryAgain, Unknown }

    private sealed record Attempt(Outcome Outcome, VideoTask? Task = null, OmniException? Failure = null);

    /// <summary>Submits a row until its outcome is known. Null: the row is settled.</summary>
    public async Task<VideoTask?> SubmitAsync(BatchItem item)
    {
        var provider = item.Check?.Provider.Id ?? item.Record!.Task.Provider;
        var gate = gates.GetOrAdd(provider, _ => new(run.Options.ThrottleLimit));
        for (var settlements = 0; ;)
        {
            if (!await run.EnterAsync(gate, item))
                return null;
            Attempt attempt;
            try
            {
                attempt = await TryAsync(item, provider);
            }
            finally
            {
                gate.Release();
            }
            if (attempt.Outcome is Outcome.Accepted or Outcome.Settled)
                return attempt.Task;
            if (attempt.Outcome == Outcome.TryAgain)
                continue;
            run.Set(item, VideoBatchRowState.Unknown);
            if (++settlements > BatchConstants.MaximumSettlements
                || !await run.DelayAsync(BatchConstants.GetDelay(settlements)))
            {
                run.Settle(item, VideoBatchRowState.Unknown, attempt.Failure?.Summary ?? "another process submits it",
                    attempt.Failure?.NextStep, Charged.Unknown, isReported: true);
                return null;
            }
        }
    }

    public void Dispose()
    {
        foreach (var gate in gates.Values)
            gate.Dispose();
    }

    private async Task<Attempt> TryAsync(BatchItem item, string provider)
    {
        if (run.FindStop(provider) is { } stop)
            return Leave(item, stop);
        // A request that may have been sold already is counted.
        var isNew = item.State == VideoBatchRowState.ToSubmit;
        if (isNew && run.Budget.FindUnknownPrice(item.Estimate) is { } unknown)
            return LeaveAlone(item, unknown);
        if (isNew && run.Budget.TryReserve(item.Estimate) is { } limit)
            return Leave(item, run.Stop("", limit));
        try
        {
            var task = item.Check is null ? await AskAsync(item, provider) : await SubmitNowAsync(item);
            if (task.Id is null)
                return new(Outcome.Unknown);
            dayHold.End();
            item.IsNew |= isNew;
            if (isNew)
                run.AddCost(item.Estimate);
            return new(Outcome.Accepted, task);
        }
        catch (OmniException failure)
        {
            if (isNew && failure.Charged == Charged.No)
                run.Budget.Release(item.Estimate);
            return await HandleAsync(item, provider, failure);
        }
        catch (OperationCanceledException)
        {
            return Leave(item, BatchStop.Stopped);
        }
    }

    private Task<VideoTask> SubmitNowAsync(BatchItem item) => run.Services.Submitter.SubmitAsync(item.Request!, new()
    {
        HoldFor = run.Options.RetryFor,
        EndHold = run.EndHold,
        Batch = run.Batch.List.Name,
        RowHash = item.Hash,
    }, run.Cancellation);

    // A row of unknown outcome that cannot be sent again, because a file of it is gone: its provider may know it.
    private async Task<VideoTask> AskAsync(BatchItem item, string provider)
    {
        var task = await run.Services.GetTask(item.Key, provider, run.Cancellation);
        var isUnknown = task.Status == VideoTaskStatus.Unknown;
        return isUnknown || task is { Status: VideoTaskStatus.Failed, Id: null }
            ? throw new OmniException(isUnknown ? OmniErrorKind.OutcomeUnknown : OmniErrorKind.InvalidRequest,
                item.Reason ?? "The row cannot be submitted again",
                new() { Charged = task.Charged, NextStep = UnknownOutcome.NextStep(provider, item.Key) })
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
                return await ledgerHold.WaitAsync(failure) ? new(Outcome.TryAgain) : StopAll(item, "", failure);
            case OmniErrorKind.LedgerUnavailable when failure.Charged != Charged.No:
            case OmniErrorKind.OutcomeUnknown when failure.ProviderCode != "idempotency_result_indeterminate":
                return new(Outcome.Unknown, Failure: failure);
            case OmniErrorKind.LimitReached when failure.RetryAt is not null:
                return await dayHold.WaitAsync(failure) ? new(Outcome.TryAgain) : StopAll(item, "", failure);
            // The limit does not allow this clip, because its price is not known; it allows others.
            case OmniErrorKind.LimitReached:
                return LeaveAlone(item, failure);
            case OmniErrorKind.LedgerUnavailable or OmniErrorKind.InvalidConfiguration:
                return StopAll(item, "", failure);
            case OmniErrorKind.Authentication or OmniErrorKind.InsufficientBalance:
            case OmniErrorKind.RateLimited or OmniErrorKind.ProviderUnavailable or OmniErrorKind.TimedOut
                when failure.Charged == Charged.No:
                return StopAll(item, provider, failure);
            default:
                // A row that may have been sold before is not a failed one.
                var isOpen = item.State == VideoBatchRowState.Unknown || failure.Kind == OmniErrorKind.OutcomeUnknown;
                run.Settle(item, isOpen ? VideoBatchRowState.Unknown : VideoBatchRowState.Failed, failure,
                    isOpen ? Charged.Unknown : failure.Charged);
                return new(Outcome.Settled);
        }
    }

    private Attempt LeaveAlone(BatchItem item, OmniException failure)
    {
        run.Settle(item, item.State, failure, failure.Charged);
        return new(Outcome.Settled);
    }

    private Attempt StopAll(BatchItem item, string provider, OmniException failure) =>
        Leave(item, run.EndHold.IsCancellationRequested ? BatchStop.Stopped : run.Stop(provider, failure));

    private Attempt Leave(BatchItem item, BatchStop stop)
    {
        run.Leave(item, stop);
        return new(Outcome.Settled);
    }
}
