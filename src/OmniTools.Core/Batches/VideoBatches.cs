using OmniTools.Batches.Lists;
using OmniTools.Errors;
using OmniTools.Ledger;
using OmniTools.VideoTasks;

namespace OmniTools.Batches;

/// <summary>Runs a list to its end, plans it, and says how far it is.</summary>
internal sealed class VideoBatches(BatchServices services)
{
    /// <summary>What running the list would do.</summary>
    public async Task<BatchPlan> PlanAsync(BatchOptions options, CancellationToken cancellationToken) =>
        await new BatchPlanner(services).PlanAsync(await LoadAsync(options.WithDefaults(), cancellationToken),
            cancellationToken);

    /// <summary>
    /// Runs the list. <paramref name="stopRequested"/> begins nothing new and lets finish what runs;
    /// <paramref name="cancellationToken"/> ends everything now. Also returns the tasks of the rows.
    /// </summary>
    public async Task<(VideoBatchResult Result, IReadOnlyList<VideoTask> Tasks)> RunAsync(
        BatchOptions options, BatchObserver observer, CancellationToken stopRequested,
        CancellationToken cancellationToken)
    {
        options = options.WithDefaults();
        var start = services.TimeProvider.GetTimestamp();
        var (lease, owner) = await services.Ledger.Batches.TakeAsync(
            options.Name!, BatchConstants.LeaseDuration, cancellationToken);
        if (lease is null)
            throw BatchErrors.IsRunning(options.Name!, owner);
        await using (lease)
        {
            var batch = await LoadAsync(options, cancellationToken);
            using var run =
                new BatchRunContext(services.TimeProvider, batch, observer, stopRequested, cancellationToken);
            var report = new BatchReport(batch, run.Notice);
            foreach (var warning in batch.Warnings)
                run.Notice(warning);
            var isRefused = ReportInvalid(batch, run);
            var work = isRefused ? [] : batch.Items.Where(item => item.IsOpen).ToList();
            if (work.Count > 0)
            {
                BatchErrors.CheckDestination(options.Destination!);
                await new BatchRunner(services, run, lease, report).RunAsync(work);
            }
            run.ReportRest();
            report.Write();
            var result = CreateResult(options, batch.List.Title, batch.GetRows(),
                batch.Items.Where(item => item.IsSubmittedInThisRun).Select(item => item.Credits)) with
            {
                New = batch.Items.Count(item => item.IsSavedInThisRun),
                Elapsed = services.TimeProvider.GetElapsedTime(start),
                Conditions = run.DescribeConditions(),
                HadNothingToDo = work.Count == 0 && !isRefused,
                WasStopped = stopRequested.IsCancellationRequested || cancellationToken.IsCancellationRequested,
                IsRefused = isRefused,
                Report = options.Report,
            };
            return (result, [.. batch.Items.Select(item => item.Task).OfType<VideoTask>()]);
        }
    }

    /// <summary>How far a list is, by the ledger; without a list, how far its batch is.</summary>
    public async Task<VideoBatchResult> GetAsync(BatchOptions options, CancellationToken cancellationToken)
    {
        options = options.WithDefaults();
        var batches = services.Ledger.Batches;
        var owner = await batches.FindOwnerAsync(options.Name!, cancellationToken);
        VideoBatchResult result;
        if (options.Path is null)
        {
            var requests = await batches.GetRequestsAsync(options.Name!, cancellationToken);
            if (requests.Count == 0)
                throw BatchErrors.NotKnown(options.Name!);
            result = CreateResult(options, options.Name!, [.. requests.Select(ToRow)],
                requests.Where(BatchLedger.IsPurchase).Select(BatchBudget.GetPrice));
        }
        else
        {
            var batch = await LoadAsync(options, cancellationToken);
            result = CreateResult(options, batch.List.Title, batch.GetRows(),
                batch.Ledger.Purchases.Select(BatchBudget.GetPrice));
            // A run buys nothing while a row is invalid.
            if (result.Invalid > 0 && result.Command.Length > 0)
                result = result with { Command = result.Command + " -SkipInvalid" };
        }
        return result with { RunningOn = owner is null ? null : BatchErrors.Describe(owner) };
    }

    private Task<LoadedBatch> LoadAsync(BatchOptions options, CancellationToken cancellationToken) =>
        new BatchLoader(services).LoadAsync(options, cancellationToken);

    // Whether nothing is to be done because of invalid rows.
    private static bool ReportInvalid(LoadedBatch batch, BatchRunContext run)
    {
        var invalid = batch.GetInvalidRows();
        if (invalid.Count == 0)
            return false;
        var count = BatchText.Count(invalid.Count, "row");
        if (batch.Options.SkipInvalid)
        {
            run.Notice($"{count} {(invalid.Count == 1 ? "is" : "are")} invalid and left out: "
                + BatchText.DescribeInvalid(invalid, batch.Options.Report!));
            return false;
        }
        foreach (var row in invalid)
            run.Notice(BatchText.Describe(row));
        run.Notice(
            $"{count} cannot be submitted, so nothing is bought. Correct them, or run the list with -SkipInvalid.");
        return true;
    }

    private static VideoBatchResult CreateResult(BatchOptions options, string title,
        IReadOnlyList<VideoBatchRow> rows, IEnumerable<decimal?> paidPrices)
    {
        var prices = paidPrices.ToList();
        return new()
        {
            Batch = options.Name!,
            Title = title,
            Rows = rows,
            Bought = prices.Count,
            Credits = prices.Sum() ?? 0,
            UnknownPrices = prices.Count(price => price is null),
            Command = options.Command,
        };
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
        Credits = BatchBudget.GetPrice(request),
        Charged = request.Task.Charged,
        Reason = ProviderText.Clean(request.Task.Error?.Message),
        Columns = new Dictionary<string, string> { [BatchColumns.Prompt] = request.Task.Prompt ?? "" },
    };
}
