using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.Spending;

namespace OmniTools.Batches;

/// <summary>
/// What the stages of one run share: the rows' states, what stops submissions, and what is reported to the caller.
/// </summary>
internal sealed class BatchRunContext : IDisposable
{
    private readonly object gate = new();
    private readonly BatchObserver observer;
    private readonly Dictionary<string, OmniException> stops = [];
    private readonly Dictionary<string, int> countsByReason = [];
    private readonly int[] countsByState = new int[Enum.GetValues<VideoBatchRowState>().Length];
    private readonly CancellationTokenSource endHolds;
    private readonly BatchConditions conditions;
    private decimal credits;

    public BatchRunContext(TimeProvider timeProvider, LoadedBatch batch, BatchObserver observer,
        CancellationToken stopRequested, CancellationToken cancellationToken)
    {
        (TimeProvider, Batch, this.observer, Cancellation) = (timeProvider, batch, observer, cancellationToken);
        endHolds = CancellationTokenSource.CreateLinkedTokenSource(stopRequested, cancellationToken);
        conditions = new(timeProvider);
        foreach (var item in batch.Items)
            countsByState[(int)item.State]++;
    }

    public TimeProvider TimeProvider { get; }

    public LoadedBatch Batch { get; }

    public BatchOptions Options => Batch.Options;

    /// <summary>Cancelled when everything is to end now.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Cancelled when nothing new is to begin and nothing is to be held any longer.</summary>
    public CancellationToken EndHold => endHolds.Token;

    /// <summary>Whether rows have changed since the report was written.</summary>
    public bool HasChanges { get; set; } = true;

    /// <summary>
    /// The limit of the list that is reached; null: none. It counts rows of unknown outcome, so they are still settled.
    /// </summary>
    public OmniException? ListLimit { get; private set; }

    /// <summary>Moves a row on.</summary>
    public void Set(BatchItem item, VideoBatchRowState state)
    {
        lock (gate)
        {
            countsByState[(int)item.State]--;
            countsByState[(int)state]++;
            item.State = state;
            HasChanges = true;
            observer.Progress?.Invoke(GetProgress());
        }
    }

    /// <summary>Counts a row that this run has bought, once.</summary>
    public void CountPurchase(BatchItem item)
    {
        lock (gate)
        {
            credits += item.IsSubmittedInThisRun ? 0 : item.Estimate ?? 0;
            item.IsSubmittedInThisRun = true;
        }
    }

    /// <summary>
    /// Records the outcome of a row in this run, and reports it: failed rows one by one, and of the rows that are left
    /// open for one reason the first few.
    /// </summary>
    public void Settle(BatchItem item, VideoBatchRowState state, string? reason, string? nextStep, Charged charged,
        bool isReported = true)
    {
        lock (gate)
        {
            (item.Reason, item.NextStep, item.Charged) = (reason, nextStep, charged);
            Set(item, state);
            var row = item.ToRow(Batch.List);
            if (isReported && (state == VideoBatchRowState.Failed
                || Count(reason ?? "") <= BatchConstants.MaximumLinesPerReason))
                observer.Notice?.Invoke(BatchText.Describe(row));
            observer.Settled?.Invoke(row);
        }

        int Count(string reason) => countsByReason[reason] = countsByReason.GetValueOrDefault(reason) + 1;
    }

    /// <summary>The same with the reason of an error.</summary>
    public void Settle(BatchItem item, VideoBatchRowState state, OmniException failure, Charged charged)
    {
        item.LeftBy = failure;
        var message = failure.ProviderMessage is { } words ? $": \"{words}\"" : "";
        var allowed = failure.Allowed is { } some ? $" ({failure.Field}: {failure.Received}, allowed {some})" : "";
        Settle(item, state, failure.Summary.TrimEnd('.') + message + allowed, failure.NextStep, charged);
    }

    /// <summary>
    /// Leaves a row for the next run because of a condition that is reported by itself; null: the caller stopped it.
    /// </summary>
    public void Leave(BatchItem item, OmniException? stop)
    {
        item.LeftBy = stop;
        Settle(item, item.State, stop is null ? "the run was stopped" : stop.Summary.TrimEnd('.'),
            stop is null ? "Run it again" : stop.NextStep, item.Charged, isReported: false);
    }

    /// <summary>Reports how many rows were left for each reason beyond those that were reported.</summary>
    public void ReportRest()
    {
        foreach (var (reason, count) in countsByReason)
        {
            if (count > BatchConstants.MaximumLinesPerReason)
                Notice($"{BatchText.Count(count - BatchConstants.MaximumLinesPerReason, "more row")}: {reason}.");
        }
    }

    /// <summary>Why nothing is submitted to a provider; null when it is.</summary>
    public OmniException? FindStop(string provider)
    {
        lock (gate)
            return stops.GetValueOrDefault("") ?? stops.GetValueOrDefault(provider);
    }

    /// <summary>Submits no more, and ends every hold, because another run owns the batch now.</summary>
    public void StopForOtherOwner()
    {
        Stop("", new(OmniErrorKind.DuplicateRequest,
            "This process was away for so long that another run took over the batch"));
        endHolds.Cancel();
    }

    /// <summary>Submits no more to a provider, or to any where it is empty, and reports that once.</summary>
    public OmniException Stop(string provider, OmniException failure)
    {
        lock (gate)
        {
            if (stops.TryGetValue(provider, out var known))
                return known;
            ReportStop(provider, failure);
            return stops[provider] = failure;
        }
    }

    /// <summary>Buys no more, because a limit of the list is reached, and reports that once.</summary>
    public OmniException StopBuying(OmniException limit)
    {
        lock (gate)
        {
            if (ListLimit is null)
                ReportStop("", limit);
            return ListLimit ??= limit;
        }
    }

    public void Notice(string line)
    {
        lock (gate)
            observer.Notice?.Invoke(line);
    }

    /// <summary>Reports the beginning or the end of an outage.</summary>
    public void OnHealth(ProviderHealthNotice notice)
    {
        lock (gate)
        {
            conditions.Add(notice);
            var open = Batch.Items.Count(item => item.IsOpen);
            observer.Notice?.Invoke(notice.IsAvailable
                ? $"{notice}"
                : $"{notice} {BatchText.Count(open, "row")} of the batch {(open == 1 ? "is" : "are")} open.");
        }
    }

    /// <summary>Records how long a condition other than an outage has held the batch.</summary>
    public void AddCondition(string condition, TimeSpan time)
    {
        lock (gate)
            conditions.Add(condition, time);
    }

    /// <summary>What held the run.</summary>
    public IReadOnlyList<string> DescribeConditions() => conditions.Describe();

    /// <summary>Waits on the clock. False: nothing is to be held any longer.</summary>
    public async Task<bool> DelayAsync(TimeSpan delay)
    {
        await Task.Delay(delay, TimeProvider, EndHold).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !EndHold.IsCancellationRequested;
    }

    /// <summary>Waits for a row's turn. False: the run was stopped, and the row is left for the next one.</summary>
    public async Task<bool> EnterAsync(SemaphoreSlim turns, BatchItem item)
    {
        try
        {
            await turns.WaitAsync(EndHold);
            // A turn that ends in the moment of the stop is still given to the next row.
            if (!EndHold.IsCancellationRequested)
                return true;
            turns.Release();
        }
        catch (OperationCanceledException)
        {
            // The run was stopped.
        }
        Leave(item, null);
        return false;
    }

    public void Dispose() => endHolds.Dispose();

    private void ReportStop(string provider, OmniException failure)
    {
        var next = failure.NextStep is { } step ? $" {step.TrimEnd('.')}." : "";
        observer.Notice?.Invoke(
            $"No more rows are submitted{(provider.Length > 0 ? " to " + provider : "")}: "
            + $"{failure.Summary.TrimEnd('.')}.{next} Clips that are being made are waited for and saved.");
    }

    private BatchProgress GetProgress() => new(Batch.Items.Count,
        countsByState[(int)VideoBatchRowState.ToSubmit] + countsByState[(int)VideoBatchRowState.Unknown],
        countsByState[(int)VideoBatchRowState.Running], countsByState[(int)VideoBatchRowState.ToDownload],
        countsByState[(int)VideoBatchRowState.Saved], countsByState[(int)VideoBatchRowState.Failed],
        countsByState[(int)VideoBatchRowState.Invalid], credits / Money.CreditsPerDollar);
}
