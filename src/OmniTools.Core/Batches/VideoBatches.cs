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
    /// Runs the list. <paramref name="stopRequested"/> begins nothing new and lets finish what runs; <paramref name="cancellationToken"/>
    /// ends everything now. Also returns the tasks of the rows.
    /// </summary>
    public async Task<(VideoBatchResult Result, IReadOnlyList<VideoTask> Tasks)> RunAsync(
        BatchOptions options, BatchObserver observer, CancellationToken stopRequested, CancellationToken cancellationToken)
    {
        var began = services.Time.GetTimestamp();
        var name = BatchListReader.NameOf(options);
        var (lease, owner) = await services.Ledger.Batches.TakeAsync(name, BatchConstants.LeaseDuration, cancellationToken);
        if (lease is null)
            throw IsRunning(name, owner);
        await using (lease)
        {
            var batch = await new BatchPlanner(services).LoadAsync(options, cancellationToken);
            using var run = new BatchRun(services, batch, observer, stopRequested, cancellationToken);
            var report = new BatchReport(batch.List, batch.Items, batch.Options.Report!, run.Notice);
            foreach (var warning in batch.Warnings)
                run.Notice(warning);
            var isRefused = ReportInvalid(batch, run);
            var work = isRefused ? [] : batch.Items.Where(IsOpen).ToList();
            if (work.Count > 0)
            {
                CheckDestination(batch.Options.Destination!);
                await RunAsync(run, lease, report, work);
            }
            report.Write();
            var result = Describe(batch, began) with
            {
                Conditions = run.Conditions,
                HadNothingToDo = work.Count == 0 && !isRefused,
                WasStopped = stopRequested.IsCancellationRequested || cancellationToken.IsCancellationRequested,
                IsRefused = isRefused,
                Report = batch.Options.Report,
            };
            return (result, [.. batch.Items.Select(item => item.Task).OfType<VideoTask>()]);
        }
    }

    /// <summary>How far a list is, by the ledger; without a list, how far its batch is.</summary>
    public async Task<VideoBatchResult> GetAsync(BatchOptions options, CancellationToken cancellationToken)
    {
        var name = BatchListReader.NameOf(options);
        var owner = await services.Ledger.Batches.FindOwnerAsync(name, cancellationToken);
        VideoBatchResult result;
        IReadOnlyList<RequestRecord> purchases;
        if (options.Path is not null)
        {
            var batch = await new BatchPlanner(services).LoadAsync(options, cancellationToken);
            purchases = batch.Ledger.Purchases;
            result = new() { Batch = name, Title = batch.List.Title, Rows = [.. batch.Items.Select(item => item.ToRow(batch.List))] };
        }
        else
        {
            var requests = await services.Ledger.Batches.GetRequestsAsync(name, cancellationToken);
            if (requests.Count == 0)
                throw NotKnown(name);
            purchases = [.. requests.Where(request => request.State != LedgerState.Rejected)];
            result = new() { Batch = name, Title = name, Rows = [.. requests.Select(ToRow)] };
        }
        var prices = purchases.Select(BatchPrice.Of).ToList();
        return result with
        {
            Bought = purchases.Count,
            Usd = prices.Sum() ?? 0,
            Credits = BatchPrice.ToCredits(prices.Sum()) ?? 0,
            UnknownPrices = prices.Count(price => price is null),
            RunningOn = owner is null ? null : Describe(owner),
            Command = options.Command,
        };
    }

    private async Task RunAsync(BatchRun run, IBatchLease lease, BatchReport report, List<BatchItem> work)
    {
        using var ended = new CancellationTokenSource();
        var housekeeping = KeepAsync(run, lease, report, ended.Token);
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
            await housekeeping;
        }
    }

    private static async Task ProcessAsync(BatchItem item, BatchSubmissions submissions, BatchDeliveries deliveries, BatchRun run)
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

    // Renews the lease and writes the report while rows change.
    private async Task KeepAsync(BatchRun run, IBatchLease lease, BatchReport report, CancellationToken ended)
    {
        var renewed = services.Time.GetTimestamp();
        while (await TickAsync(BatchConstants.ReportInterval, ended))
        {
            if (run.HasChanges)
            {
                run.HasChanges = false;
                report.Write();
            }
            if (services.Time.GetElapsedTime(renewed) < BatchConstants.LeaseRenewal)
                continue;
            renewed = services.Time.GetTimestamp();
            try
            {
                if (await lease.RenewAsync(ended))
                    continue;
                run.Stop("", new(OmniErrorKind.DuplicateRequest, "This process was away for so long that another run took over the batch"));
                run.EndHolds();
            }
            catch (Exception failure) when (failure is OmniException or OperationCanceledException)
            {
                // Whoever needs the ledger meets the same and holds.
            }
        }
    }

    // A timeout and no delay: nobody waits for it.
    private async Task<bool> TickAsync(TimeSpan interval, CancellationToken ended)
    {
        using var tick = new CancellationTokenSource(interval, services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(tick.Token, ended);
        var signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = either.Token.UnsafeRegister(state => ((TaskCompletionSource)state!).TrySetResult(), signal);
        await signal.Task;
        return !ended.IsCancellationRequested;
    }

    // Whether nothing is to be done because of invalid rows.
    private static bool ReportInvalid(LoadedBatch batch, BatchRun run)
    {
        var invalid = batch.Items.Where(item => item.State == VideoBatchRowState.Invalid).Select(item => item.ToRow(batch.List)).ToList();
        if (invalid.Count == 0)
            return false;
        if (batch.Options.SkipInvalid)
        {
            var (verb, report) = (invalid.Count == 1 ? "is invalid and" : "are invalid and", Path.GetFileName(batch.Options.Report!));
            run.Notice($"{BatchText.Count(invalid.Count, "row")} {verb} left out: {BatchText.DescribeInvalid(invalid, report)}");
            return false;
        }
        foreach (var row in invalid)
            run.Notice(BatchText.Describe(row));
        run.Notice($"{BatchText.Count(invalid.Count, "row")} cannot be submitted, so nothing is bought. Correct them, or run the list with -SkipInvalid.");
        return true;
    }

    // Before anything is bought that could not be saved.
    private static void CheckDestination(string folder)
    {
        var probe = Path.Combine(folder, $".omnitools-{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(probe, new byte[1]);
            File.Delete(probe);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            try
            {
                File.Delete(probe);
            }
            catch (Exception again) when (again is IOException or UnauthorizedAccessException)
            {
                // The first failure says what is wrong.
            }
            throw new OmniException(OmniErrorKind.OutputRefused, $"The clips cannot be saved there: {failure.Message.TrimEnd('.')}", failure)
            {
                Charged = Charged.No, // Nothing was sent.
                Field = "-Destination",
                FieldLabel = "Parameter",
                Received = folder,
                Allowed = "a folder that can be written to, with room on its disk",
                NextStep = "Make room or make it writable, or give another folder with -Destination",
            };
        }
    }

    private VideoBatchResult Describe(LoadedBatch batch, long began)
    {
        var bought = batch.Items.Where(item => item.IsNew).Select(item => item.Task is { } task ? BatchPrice.Of(task) ?? item.Estimate : item.Estimate).ToList();
        return new()
        {
            Batch = batch.List.Name,
            Title = batch.List.Title,
            Rows = [.. batch.Items.Select(item => item.ToRow(batch.List))],
            New = batch.Items.Count(item => item.IsNewFile),
            Bought = bought.Count,
            Usd = bought.Sum() ?? 0,
            Credits = BatchPrice.ToCredits(bought.Sum()) ?? 0,
            UnknownPrices = bought.Count(price => price is null),
            Elapsed = services.Time.GetElapsedTime(began),
            Command = batch.Options.Command,
        };
    }

    private static VideoBatchRow ToRow(RequestRecord request)
    {
        var (task, usd) = (request.Task, BatchPrice.Of(request));
        return new()
        {
            Row = 0,
            Key = task.RequestKey,
            State = BatchLedger.StateOf(request),
            File = task.SavedPath,
            TaskId = task.Id,
            Provider = task.Provider,
            Model = task.Model,
            Seconds = task.Duration,
            Credits = BatchPrice.ToCredits(usd),
            Usd = usd,
            Charged = task.Charged,
            Reason = ProviderText.Clean(task.Error?.Message),
            Columns = new Dictionary<string, string> { [BatchColumns.Prompt] = task.Prompt ?? "" },
        };
    }

    private static bool IsOpen(BatchItem item) => item.State is VideoBatchRowState.ToSubmit or VideoBatchRowState.Unknown
        or VideoBatchRowState.Running or VideoBatchRowState.ToDownload;

    private static string Describe(BatchOwner owner) =>
        FormattableString.Invariant($"{owner.Machine}, process {owner.ProcessId}, since {owner.StartedAt:yyyy-MM-dd HH:mm:ss} UTC");

    private static OmniException IsRunning(string name, BatchOwner owner) => new(OmniErrorKind.DuplicateRequest, $"The batch {name} is being run already")
    {
        Charged = Charged.No, // Nothing was sent.
        Field = "-BatchName",
        FieldLabel = "Parameter",
        Received = $"{name}, which runs on {Describe(owner)}",
        NextStep = FormattableString.Invariant($"Wait for its end, or follow it with Get-OmniVideoBatch. If that process is gone, its hold on the batch ends at {owner.LeaseUntil:HH:mm:ss} UTC"),
    };

    private static OmniException NotKnown(string name) => new(OmniErrorKind.NotFound, $"The ledger knows no batch {name}")
    {
        Charged = Charged.No, // Nothing was sent.
        Field = "-BatchName",
        FieldLabel = "Parameter",
        Received = ProviderText.Clean(name),
        NextStep = "List the batches with Get-OmniVideoBatch",
    };
}
