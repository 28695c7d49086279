using OmniTools.Catalog;
using OmniTools.Errors;
using OmniTools.Providers;
using OmniTools.Requests;
using OmniTools.Spending;

namespace OmniTools.Batches;

/// <summary>A list with everything that is known of its rows before a run.</summary>
internal sealed record LoadedBatch(BatchList List, IReadOnlyList<BatchItem> Items, BatchLedger Ledger,
    BatchOptions Options, IReadOnlyList<string> Warnings)
{
    public IReadOnlyList<VideoBatchRow> GetRows() => [.. Items.Select(item => item.ToRow(List))];
}

/// <summary>Reads and checks a list, and says what running it would do. Nothing is sent or recorded.</summary>
internal sealed class BatchPlanner(BatchServices services)
{
    private readonly Dictionary<string, decimal?> estimates = [];

    /// <summary>Reads the list and what the ledger knows of it, and checks the rows that are to be submitted.</summary>
    public async Task<LoadedBatch> LoadAsync(BatchOptions options, CancellationToken cancellationToken)
    {
        var list = BatchListReader.Read(options);
        options = options.WithPaths(list.Name);
        var items = BatchItems.Of(list, options);
        var ledger = new BatchLedger(services.Ledger, options, list.Name);
        await ledger.LoadAsync(items, cancellationToken);
        foreach (var item in items.Where(
            item => item.State is VideoBatchRowState.ToSubmit or VideoBatchRowState.Unknown))
            await CheckAsync(item, cancellationToken);
        var warnings = BatchItems.FindUnusedColumns(list, options).ToList();
        if (list.Encoding is { } encoding)
            warnings.Add($"The list is read as {encoding}, because it is no valid UTF-8.");
        return new(list, items, ledger, options, warnings);
    }

    /// <summary>What running the list would do.</summary>
    public async Task<BatchPlan> PlanAsync(LoadedBatch batch, CancellationToken cancellationToken)
    {
        var (items, ledger, options) = (batch.Items, batch.Ledger, batch.Options);
        var toSubmit = items.Where(item => item.State == VideoBatchRowState.ToSubmit).ToList();
        var groups = toSubmit.GroupBy(item => item.Check!.Provider)
            .OrderBy(group => group.Key.Id, StringComparer.Ordinal).ToList();
        return new()
        {
            Batch = batch.List.Name,
            Title = batch.List.Title,
            Delimiter = batch.List.Delimiter,
            KeyColumn = items.Any(item => item.HasOwnKey) ? options.KeyColumn ?? BatchColumns.RequestKey : null,
            Rows = items.Count,
            ToSubmit = [.. groups.Select(group => new BatchPlanPart(group.Key.Id, group.Count(), Sum(group)))],
            Saved = Count(VideoBatchRowState.Saved),
            ToDownload = Count(VideoBatchRowState.ToDownload),
            Running = Count(VideoBatchRowState.Running),
            Unknown = Count(VideoBatchRowState.Unknown),
            Failed = Count(VideoBatchRowState.Failed),
            Invalid = [.. batch.GetRows().Where(row => row.State == VideoBatchRowState.Invalid)],
            NewRows = ledger.IsKnown ? toSubmit.Count(item => item.Record is null) : 0,
            GoneRows = ledger.Gone,
            BoughtElsewhere = items.Where(item => item.BoughtBy is not null).GroupBy(item => item.BoughtBy!)
                .ToDictionary(group => group.Key, group => group.Count()),
            Spend = await services.Planner.GetSpendingAsync(cancellationToken),
            MaxVideosLeft = options.MaxVideos - ledger.Purchases.Count,
            MaxVideos = options.MaxVideos,
            Balances = await GetBalancesAsync(groups, cancellationToken),
            EstimatedTime = await EstimateTimeAsync(toSubmit, options, cancellationToken),
            Report = options.Report!,
            Warnings = batch.Warnings,
        };

        int Count(VideoBatchRowState state) => items.Count(item => item.State == state);
    }

    /// <summary>Chooses provider and model of a row and checks it; a row with an error is invalid.</summary>
    private async Task CheckAsync(BatchItem item, CancellationToken cancellationToken)
    {
        try
        {
            // A request that was sent before goes to the same provider and model, whatever the defaults are now.
            item.Request = item.Request! with
            {
                RequestKey = item.Key,
                Provider = item.Request.Provider ?? item.Record?.Task.Provider,
                Model = item.Request.Model ?? item.Record?.Sent?.Request.Model,
            };
            item.Check = services.Planner.Check(item.Request, item.Record);
            item.Estimate = await EstimateAsync(item.Check, cancellationToken);
        }
        catch (OmniException refused) when (refused.Kind == OmniErrorKind.InvalidRequest)
        {
            if (item.State != VideoBatchRowState.ToSubmit)
                item.Reason ??= refused.Summary; // It was sent before, and the provider may settle its outcome.
            else if (refused.Field == "prompt")
                item.Refuse(BatchColumns.Prompt, "is missing: " + refused.Allowed);
            else
                item.Refuse(BatchColumns.OfField(refused.Field), refused.Received is { } received
                    ? $"{received}, allowed {refused.Allowed}"
                    : refused.Summary.TrimEnd('.'));
        }
    }

    // Rows that differ in their texts alone cost the same.
    private async Task<decimal?> EstimateAsync(CheckedRequest check, CancellationToken cancellationToken)
    {
        var request = check.Request;
        var kind = string.Join('\n', check.Provider.Id, request.Model, check.Duration, check.Resolution, request.Audio,
            request.Images.Count, request.Videos.Count, request.FirstFrame is null, request.ExtendFrom is null,
            RequestOptions.ToCanonicalJson(request.Options));
        if (!estimates.TryGetValue(kind, out var credits))
            estimates[kind] = credits = (await services.Planner.EstimateAsync(check, cancellationToken)).Credits;
        return credits;
    }

    private static decimal? Sum(IEnumerable<BatchItem> items) =>
        items.Any(item => item.Estimate is null) ? null : items.Sum(item => item.Estimate);

    private async Task<IReadOnlyDictionary<string, string>> GetBalancesAsync(
        IEnumerable<IGrouping<ProviderSpec, BatchItem>> groups, CancellationToken cancellationToken)
    {
        var balances = new Dictionary<string, string>();
        foreach (var group in groups)
        {
            var id = group.Key.Id;
            try
            {
                using var timeout = new CancellationTokenSource(BatchConstants.BalanceTimeout, services.TimeProvider);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
                var balance = await services.GetBalance(id, either.Token).WaitAsync(either.Token);
                balances[id] = Money.FormatBalance(balance, group.Key) + DescribeEnough(balance, group);
            }
            catch (Exception failure) when (failure is OmniException
                || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                balances[id] = "not known";
            }
        }
        return balances;
    }

    private static string DescribeEnough(Balance balance, IGrouping<ProviderSpec, BatchItem> group)
    {
        if (Money.GetRemainingCredits(balance, group.Key) is not { } left || Sum(group) is not { } needed)
            return "";
        return needed <= left ? ", enough for all"
            : $", enough for {group.TakeWhile(item => (left -= item.Estimate!.Value) >= 0).Count()}";
    }

    private async Task<TimeSpan?> EstimateTimeAsync(List<BatchItem> toSubmit, BatchOptions options,
        CancellationToken cancellationToken)
    {
        if (toSubmit.Count == 0)
            return null;
        var longest = TimeSpan.Zero;
        foreach (var (provider, model) in toSubmit.Select(item => (item.Check!.Provider.Id, item.Check.Request.Model))
            .Distinct())
        {
            if (await services.Ledger.GetAverageDurationAsync(provider, model, cancellationToken) is not { } duration)
                return null;
            longest = duration > longest ? duration : longest;
        }
        return longest + toSubmit.GroupBy(item => item.Check!.Provider.Id)
            .Max(group => group.Count() * BatchConstants.TypicalSubmission / options.ThrottleLimit);
    }
}
