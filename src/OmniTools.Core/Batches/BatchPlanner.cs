using System.Globalization;
using OmniTools.Catalog;
using OmniTools.Errors;
using OmniTools.Providers;
using OmniTools.Requests;

namespace OmniTools.Batches;

/// <summary>A list with everything that is known of its rows before a run.</summary>
internal sealed record LoadedBatch(BatchList List, IReadOnlyList<BatchItem> Items, BatchLedger Ledger, BatchOptions Options, IReadOnlyList<string> Warnings);

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
        var ledger = new BatchLedger(services.Ledger, options);
        await ledger.LoadAsync(list.Name, items, cancellationToken);
        foreach (var item in items.Where(item => item.State is VideoBatchRowState.ToSubmit or VideoBatchRowState.Unknown))
            await CheckAsync(item, cancellationToken);
        var warnings = BatchItems.FindUnusedColumns(list, options).ToList();
        if (list.Encoding is { } encoding)
            warnings.Add($"The list is read as {encoding}, because it is no valid UTF-8.");
        return new(list, items, ledger, options, warnings);
    }

    /// <summary>What running the list would do.</summary>
    public async Task<BatchPlan> PlanAsync(LoadedBatch batch, CancellationToken cancellationToken)
    {
        var items = batch.Items;
        var toSubmit = items.Where(item => item.State == VideoBatchRowState.ToSubmit).ToList();
        var spend = await services.Planner.GetSpendingAsync(cancellationToken);
        return new()
        {
            Batch = batch.List.Name,
            Title = batch.List.Title,
            Delimiter = batch.List.Delimiter,
            KeyColumn = items.Any(item => item.HasOwnKey) ? batch.Options.KeyColumn ?? BatchColumns.RequestKey : null,
            Rows = items.Count,
            ToSubmit = [.. toSubmit.GroupBy(item => item.Check!.Provider.Id).Select(Describe).OrderBy(each => each.Provider, StringComparer.Ordinal)],
            Saved = Count(VideoBatchRowState.Saved),
            ToDownload = Count(VideoBatchRowState.ToDownload),
            Running = Count(VideoBatchRowState.Running),
            Unknown = Count(VideoBatchRowState.Unknown),
            Failed = Count(VideoBatchRowState.Failed),
            Invalid = [.. items.Where(item => item.State == VideoBatchRowState.Invalid).Select(item => item.ToRow(batch.List))],
            NewRows = batch.Ledger.IsKnown ? toSubmit.Count(item => item.Record is null) : 0,
            GoneRows = batch.Ledger.Gone,
            BoughtElsewhere = items.Where(item => item.BoughtBy is not null).GroupBy(item => item.BoughtBy!)
                .ToDictionary(group => group.Key, group => group.Count()),
            Spend = spend,
            MaxVideosLeft = batch.Options.MaxVideos - batch.Ledger.Purchases.Count,
            MaxVideos = batch.Options.MaxVideos,
            Balances = await GetBalancesAsync(toSubmit, cancellationToken),
            EstimatedTime = await EstimateTimeAsync(toSubmit, batch.Options, cancellationToken),
            Report = batch.Options.Report!,
            Warnings = batch.Warnings,
        };

        int Count(VideoBatchRowState state) => items.Count(item => item.State == state);
    }

    /// <summary>Chooses provider and model of a row and checks it; what is wrong with it makes it invalid.</summary>
    private async Task CheckAsync(BatchItem item, CancellationToken cancellationToken)
    {
        try
        {
            item.Request = item.Request! with { RequestKey = item.Key };
            // What was sent before is sent again to where it went, whatever the defaults are by now.
            if (item.Record is { } known)
                item.Request = item.Request with { Provider = item.Request.Provider ?? known.Task.Provider, Model = item.Request.Model ?? known.Sent?.Request.Model };
            item.Check = services.Planner.Check(item.Request, item.Record);
            item.Estimate = await EstimateAsync(item.Check, cancellationToken);
        }
        catch (OmniException refused) when (refused.Kind == OmniErrorKind.InvalidRequest && item.State == VideoBatchRowState.ToSubmit)
        {
            item.Refuse(Describe(refused));
        }
        catch (OmniException refused) when (refused.Kind == OmniErrorKind.InvalidRequest)
        {
            // It was sent before: what can be settled without sending it again is settled.
            item.Reason ??= refused.Summary;
        }
    }

    private async Task<decimal?> EstimateAsync(CheckedRequest check, CancellationToken cancellationToken)
    {
        // Rows that differ in their texts alone cost the same.
        var kind = string.Join('\n', check.Provider.Id, check.Request.Model, check.Duration, check.Resolution, check.Request.Audio,
            check.Request.Images.Count, check.Request.Videos.Count, check.Request.FirstFrame is null, check.Request.ExtendFrom is null,
            RequestOptions.ToCanonicalJson(check.Request.Options));
        if (!estimates.TryGetValue(kind, out var credits))
            estimates[kind] = credits = (await services.Planner.EstimateAsync(check, cancellationToken)).Credits;
        return BatchPrice.OfEstimate(credits);
    }

    private static CellProblem Describe(OmniException refused)
    {
        var what = refused.Received is { } received ? $"{received}, allowed {refused.Allowed}" : refused.Summary.TrimEnd('.');
        return new(BatchColumns.OfField(refused.Field), refused.Field == "prompt" ? "is missing: " + refused.Allowed : what);
    }

    private static BatchPlanPart Describe(IGrouping<string, BatchItem> group)
    {
        var isKnown = group.All(item => item.Estimate is not null);
        var usd = group.Sum(item => item.Estimate);
        return new(group.Key, group.Count(), isKnown ? BatchPrice.ToCredits(usd) : null, isKnown ? usd : null);
    }

    // A balance is nice to know and never worth waiting for.
    private async Task<IReadOnlyDictionary<string, string>> GetBalancesAsync(List<BatchItem> toSubmit, CancellationToken cancellationToken)
    {
        var balances = new Dictionary<string, string>();
        foreach (var group in toSubmit.GroupBy(item => item.Check!.Provider))
        {
            try
            {
                using var timeout = new CancellationTokenSource(BatchConstants.BalanceTimeout, services.Time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
                var balance = await services.GetBalance(group.Key.Id, either.Token).WaitAsync(either.Token);
                balances[group.Key.Id] = Spending.Money.FormatBalance(balance, group.Key) + EnoughFor(balance, group);
            }
            catch (Exception failure) when (failure is OmniException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                balances[group.Key.Id] = "not known";
            }
        }
        return balances;
    }

    private static string EnoughFor(Balance balance, IGrouping<ProviderSpec, BatchItem> group)
    {
        if (Spending.Money.GetRemainingCredits(balance, group.Key) is not { } left || group.Any(item => item.Estimate is null))
            return "";
        var count = group.TakeWhile(item => (left -= BatchPrice.ToCredits(item.Estimate)!.Value) >= 0).Count();
        return count == group.Count() ? ", enough for all" : string.Create(CultureInfo.InvariantCulture, $", enough for {count}");
    }

    private async Task<TimeSpan?> EstimateTimeAsync(List<BatchItem> toSubmit, BatchOptions options, CancellationToken cancellationToken)
    {
        var longest = TimeSpan.Zero;
        foreach (var (provider, model) in toSubmit.Select(item => (item.Check!.Provider.Id, item.Check.Request.Model)).Distinct())
        {
            if (await services.Ledger.GetAverageDurationAsync(provider, model, cancellationToken) is not { } duration)
                return null;
            longest = duration > longest ? duration : longest;
        }
        return toSubmit.Count == 0 ? null
            : longest + toSubmit.GroupBy(item => item.Check!.Provider.Id)
                .Max(group => group.Count() * BatchConstants.TypicalSubmission / options.ThrottleLimit);
    }
}
