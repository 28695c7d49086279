using OmniTools.Errors;
using OmniTools.Ledger;
using OmniTools.VideoTasks;

namespace OmniTools.Batches;

/// <summary>Runs a list to its end, plans it, and says how far it is.</summary>
internal sealed class VideoBatches(BatchServices services)
{
    /// <summary>What running the list would do.</summary>
    public async Task<BatchPlan> PlanAsync(BatchOptions options, CancellationToken cancellationToken)
    {
        var planner = new BatchPlanner(services);
        return await planner.PlanAsync(await planner.LoadAsync(options, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Runs the list. <paramref name="stopRequested"/> begins nothing new and lets finish what runs;
    /// <paramref name="cancellationToken"/> ends everything now. Also returns the tasks of the rows.
    /// </summary>
    public async Task<(VideoBatchResult Result, IReadOnlyList<VideoTask> Tasks)> RunAsync(
        BatchOptions options, BatchObserver observer, CancellationToken stopRequested,
        CancellationToken cancellationToken)
    {
        var start = services.TimeProvider.GetTimestamp();
        var name = BatchListReader.GetName(options);
        var (lease, owner) =
            await services.Ledger.Batches.TakeAsync(name, BatchConstants.LeaseDuration, cancellationToken);
        if (lease is null)
            throw BatchErrors.IsRunning(name, owner);
        await using (lease)
        {
            var batch = await new BatchPlanner(services).LoadAsync(options, cancellationToken);
            using var run = new BatchRun(services, batch, observer, stopRequested, cancellationToken);
            var report = new BatchReport(batch.List, batch.Items, batch.Options.Report!, run.Notice);
            foreach (var warning in batch.Warnings)
                run.Notice(warning);
            var isRefused = ReportInvalid(batch, run);
            var work = isRefused ? [] : batch.Items.Where(item => item.IsOpen).ToList();
            if (work.Count > 0)
            {
                BatchErrors.CheckDestination(batch.Options.Destination!);
                await RunAsync(run, lease, report, work);
            }
            run.ReportRest();
            report.Write();
            var prices = batch.Items.Where(item => item.IsNew).Select(item => item.Credits).ToList();
            var result = new VideoBatchResult
            {
                Batch = name,
                Title = batch.List.Title,
                Rows = batch.GetRows(),
                New = batch.Items.Count(item => item.IsNewFile),
                Bought = prices.Count,
                Credits = prices.Sum() ?? 0,
                UnknownPrices = prices.Count(price => price is null),
                Elapsed = services.TimeProvider.GetElapsedTime(start),
                Conditions = run.Conditions,
                HadNothingToDo = work.Count == 0 && !isRefused,
                WasStopped = stopRequested.IsCancellationRequested || cancellationToken.IsCancellationRequested,
                IsRefused = isRefused,
                Report = batch.Options.Report,
                Command = options.Command,
            };
            return (result, [.. batch.Items.Select(item => item.Task).OfType<VideoTask>()]);
        }
    }

    /// <summary>How far a list is, by the ledger; without a list, how far its batch is.</summary>
    public async Task<VideoBatchResult> GetAsync(BatchOptions options, CancellationToken cancellationToken)
    {
        var name = BatchListReader.GetName(options);
        var owner = await services.Ledger.Batches.FindOwnerAsync(name, cancellationToken);
        var (title, rows, purchases) = options.Path is null
            ? await ReadLedgerAsync(name, cancellationToken)
            : await ReadListAsync(options, cancellationToken);
        var prices = purchases.Select(BatchPrice.Of).ToList();
        return new()
        {
            Batch = name,
            Title = title,
            Rows = rows,
            Bought = prices.Count,
            Credits = prices.Sum() ?? 0,
            UnknownPrices = prices.Count(price => price is null),
            RunningOn = owner is null ? null : BatchErrors.Describe(owner),
            Command = options.Command,
        };
    }

    private async Task<(string Title, IReadOnlyList<VideoBatchRow> Rows, IReadOnlyList<RequestRecord> Purchases)>
        ReadListAsync(BatchOptions options, CancellationToken cancellationToken)
    {
        var batch = await new BatchPlanner(services).LoadAsync(options, cancellationToken);
        return (batch.List.Title, batch.GetRows(), batch.Ledger.Purchases);
    }

    private async Task<(string Title, IReadOnlyList<VideoBatchRow> Rows, IReadOnlyList<RequestRecord> Purchases)>
        ReadLedgerAsync(string name, CancellationToken cancellationToken)
    {
        var requests = await services.Ledger.Batches.GetRequestsAsync(name, cancellationToken);
        return requests.Count == 0
            ? throw BatchErrors.NotKnown(name)
            : (name, [.. requests.Select(ToRow)], BatchLedger.WithoutRejected(requests));
    }

    private async Task RunAsync(BatchRun run, IBatchLease lease, BatchReport report, List<BatchItem> work)
    {
        using var ended = new CancellationTokenSource();
        var upkeep = KeepAsync(run, lease, report, ended.Token);
        try
        {
            using var health = services.ObserveHealth(run.OnHealth);
            var ledgerHold = new LedgerHold(run, lease);
            using var submissions = new BatchSubmissions(run, ledgerHold, new DayHold(run));
            using var deliveries = new BatchDeliveries(run, ledgerHold);
            // In the order of the list; each waits for its turn at its provider.
            await Task.WhenAll(work.ConvertAll(item => ProcessAsync(item, submissions, deliveries, run)));
        }
        finally
        {
            await ended.CancelAsync();
            await upkeep;
        }
    }

    private static async Task ProcessAsync(BatchItem item, BatchSubmissions submissions, BatchDeliveries deliveries,
        BatchRun run)
    {
        while (true)
        {
            var isSubmitted = item.State is VideoBatchRowState.Running or VideoBatchRowState.ToDownload;
            if ((isSubmitted ? item.Task : await submissions.SubmitAsync(item)) is not { } task
                || await deliveries.WaitAsync(item, task) is not { } made
                || await deliveries.SaveAsync(item, made))
                return;
            // The clip is lost, and lost clips are to be bought again.
            item.Key = BatchKey.NextRetry(item.Key);
            (item.Record, item.Task, item.Request) = (null, null, item.Request! with { RequestKey = item.Key });
            item.Check ??= run.Services.Planner.Check(item.Request, null);
            run.Set(item, VideoBatchRowState.ToSubmit);
        }
    }

    // Renews the lease, and writes the report when rows have changed.
    private async Task KeepAsync(BatchRun run, IBatchLease lease, BatchReport report, CancellationToken ended)
    {
        while (true)
        {
            // A timeout and not a delay: tests with a virtual clock advance it to every delay.
            using var interval = new CancellationTokenSource(BatchConstants.UpkeepInterval, services.TimeProvider);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(interval.Token, ended);
            await Task.Delay(Timeout.InfiniteTimeSpan, services.TimeProvider, either.Token)
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
                if (await lease.RenewAsync(ended))
                    continue;
                run.StopForOtherOwner();
            }
            catch (Exception failure) when (failure is OmniException or OperationCanceledException)
            {
                // The next row that uses the ledger meets the same error and holds.
            }
        }
    }

    // Whether nothing is to be done because of invalid rows.
    private static bool ReportInvalid(LoadedBatch batch, BatchRun run)
    {
        var invalid = batch.GetRows().Where(row => row.State == VideoBatchRowState.Invalid).ToList();
        if (invalid.Count == 0)
            return false;
        var count = BatchText.Count(invalid.Count, "row");
        if (batch.Options.SkipInvalid)
        {
            run.Notice($"{count} {(invalid.Count == 1 ? "is" : "are")} invalid and left out: "
                + BatchText.DescribeInvalid(invalid, Path.GetFileName(batch.Options.Report!)));
            return false;
        }
        foreach (var row in invalid)
            run.Notice(BatchText.Describe(row));
        run.Notice(
            $"{count} cannot be submitted, so nothing is bought. Correct them, or run the list with -SkipInvalid.");
        return true;
    }

    private static VideoBatchRow ToRow(RequestRecord request) => new()
    {
        Row = 0,
        Key = request.Task.RequestKey,
        State = BatchLedger.GetState(request),
        File = request.Task.SavedPath,
        TaskId = request.Task.Id,
        Provider = request.Task.Provider,
        Model = request.Task.Model,
        Seconds = request.Task.Duration,
        Credits = BatchPrice.Of(request),
        Charged = request.Task.Charged,
        Reason = ProviderText.Clean(request.Task.Error?.Message),
        Columns = new Dictionary<string, string> { [BatchColumns.Prompt] = request.Task.Prompt ?? "" },
    };
}
