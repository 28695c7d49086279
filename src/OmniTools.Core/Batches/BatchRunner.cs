using OmniTools.Batches.Lists;
using OmniTools.Errors;
using OmniTools.Ledger;

namespace OmniTools.Batches;

/// <summary>
/// Runs the open rows of a batch: each is submitted, waited for and saved. Meanwhile it keeps the lease and the report.
/// </summary>
internal sealed class BatchRunner(BatchServices services, BatchRunContext run, BatchLease lease, BatchReport report)
{
    public async Task RunAsync(List<BatchItem> work)
    {
        using var ended = new CancellationTokenSource();
        var upkeep = KeepAsync(ended.Token);
        try
        {
            using var health = services.ObserveHealth(run.OnHealth);
            var ledgerHold = new LedgerHold(run, lease);
            using var submissions = new BatchSubmissions(services, run, ledgerHold);
            using var downloads = new BatchDownloads(services, run, ledgerHold);
            // In the order of the list; each waits for its turn at its provider.
            await Task.WhenAll(work.ConvertAll(item => ProcessAsync(item, submissions, downloads)));
            await submissions.CheckListLimitAsync();
        }
        finally
        {
            await ended.CancelAsync();
            await upkeep;
        }
    }

    private async Task ProcessAsync(BatchItem item, BatchSubmissions submissions, BatchDownloads downloads)
    {
        while (true)
        {
            var isSubmitted = item.State is VideoBatchRowState.Running or VideoBatchRowState.ToDownload;
            if ((isSubmitted ? item.Task : await submissions.SubmitAsync(item)) is not { } task
                || await downloads.WaitAsync(item, task) is not { } made
                || await downloads.SaveAsync(item, made))
                return;
            // The clip is lost, and lost clips are to be bought again.
            item.Key = BatchKey.CreateNextRetry(item.Key);
            (item.Record, item.Task, item.Request) = (null, null, item.Request! with { RequestKey = item.Key });
            item.Check ??= services.Planner.Check(item.Request, null);
            run.Set(item, VideoBatchRowState.ToSubmit);
        }
    }

    // Renews the lease, and writes the report when rows have changed.
    private async Task KeepAsync(CancellationToken ended)
    {
        while (true)
        {
            // A timeout and not a delay: tests with a virtual clock advance it to every delay.
            using var interval = new CancellationTokenSource(BatchConstants.UpkeepInterval, run.TimeProvider);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(interval.Token, ended);
            await Task.Delay(Timeout.InfiniteTimeSpan, run.TimeProvider, either.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (ended.IsCancellationRequested)
                return;
            if (run.HasChanges)
            {
                run.HasChanges = false;
                report.Write();
            }
            try
            {
                if (!await lease.RenewAsync(ended))
                    run.StopForOtherOwner();
            }
            catch (Exception failure) when (failure is OmniException or OperationCanceledException)
            {
                // The next row that uses the ledger meets the same error and holds.
            }
        }
    }
}
