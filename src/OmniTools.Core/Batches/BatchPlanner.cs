using OmniTools.Batches.Lists;
using OmniTools.Catalog;
using OmniTools.Errors;
using OmniTools.Providers;
using OmniTools.Spending;

namespace OmniTools.Batches;

/// <summary>Says what running a list would do. Nothing is sent but questions for balances.</summary>
internal sealed class BatchPlanner(BatchServices services)
{
    public async Task<BatchPlan> PlanAsync(LoadedBatch batch, CancellationToken cancellationToken)
    {
        var (options, items) = (batch.Options, batch.Items);
        var toSubmit = items.Where(item => item.State == VideoBatchRowState.ToSubmit).ToList();
        var groups = toSubmit.GroupBy(item => item.Check!.Provider)
            .OrderBy(group => group.Key.Id, StringComparer.Ordinal).ToList();
        var spend = await services.Planner.GetSpendingAsync(cancellationToken);
        var isMoneyLimited = (options.MaxUsd ?? options.MaxCredits ?? spend.MaxUsd ?? spend.MaxCredits) is not null;
        var leftOut = isMoneyLimited ? toSubmit.Count(item => item.Estimate is null) : 0;
        return new()
        {
            Batch = options.Name!,
            Title = batch.List.Title,
            Delimiter = batch.List.Delimiter,
            KeyColumn = items.Any(item => item.HasOwnKey) ? options.KeyColumn ?? BatchColumns.RequestKey : null,
            Rows = items.Count,
            ToSubmit = groups.ConvertAll(group => new BatchPlanPart(group.Key.Id, group.Count(), Sum(group))),
            Saved = Count(VideoBatchRowState.Saved),
            ToDownload = Count(VideoBatchRowState.ToDownload),
            Running = Count(VideoBatchRowState.Running),
            Unknown = Count(VideoBatchRowState.Unknown),
            Failed = Count(VideoBatchRowState.Failed),
            Invalid = batch.GetInvalidRows(),
            NewRows = batch.Ledger.IsKnown ? toSubmit.Count(item => item.Record is null) : 0,
            GoneRows = batch.Ledger.Gone,
            BoughtElsewhere = items.Where(item => item.BoughtBy is not null).GroupBy(item => item.BoughtBy!)
                .ToDictionary(group => group.Key, group => group.Count()),
            Spend = spend,
            MaxVideosLeft = options.MaxVideos - batch.Ledger.Purchases.Count,
            MaxVideos = options.MaxVideos,
            Balances = await GetBalancesAsync(groups, cancellationToken),
            EstimatedTime = await EstimateTimeAsync(groups, options.ThrottleLimit, cancellationToken),
            Report = options.Report!,
            Warnings = leftOut == 0 ? batch.Warnings
                : [.. batch.Warnings, BatchText.Count(leftOut, "row") + " of unknown price will be left out, because "
                    + "a limit of credits or dollars is set."],
        };

        int Count(VideoBatchRowState state) => items.Count(item => item.State == state);
    }

    private static decimal? Sum(IEnumerable<BatchItem> items) =>
        items.Any(item => item.Estimate is null) ? null : items.Sum(item => item.Estimate);

    private async Task<IReadOnlyDictionary<string, string>> GetBalancesAsync(
        IEnumerable<IGrouping<ProviderSpec, BatchItem>> groups, CancellationToken cancellationToken)
    {
        var balances = new Dictionary<string, string>();
        foreach (var group in groups)
        {
            try
            {
                using var timeout = new CancellationTokenSource(BatchConstants.BalanceTimeout, services.TimeProvider);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
                var balance = await services.GetBalance(group.Key.Id, either.Token).WaitAsync(either.Token);
                balances[group.Key.Id] = Money.FormatBalance(balance, group.Key) + DescribeEnough(balance, group);
            }
            catch (Exception failure) when (failure is OmniException
                || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                balances[group.Key.Id] = "not known";
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

    // The longest clip begins when all submissions of its provider have been made.
    private async Task<TimeSpan?> EstimateTimeAsync(List<IGrouping<ProviderSpec, BatchItem>> groups, int throttleLimit,
        CancellationToken cancellationToken)
    {
        var (longest, submissions) = ((TimeSpan?)null, TimeSpan.Zero);
        foreach (var group in groups)
        {
            foreach (var model in group.Select(item => item.Check!.Request.Model).Distinct())
            {
                var duration =
                    await services.Ledger.GetAverageDurationAsync(group.Key.Id, model, cancellationToken);
                if (duration is null)
                    return null;
                longest = duration < longest ? longest : duration;
            }
            var time = group.Count() * BatchConstants.TypicalSubmission / throttleLimit;
            submissions = time > submissions ? time : submissions;
        }
        return longest + submissions;
    }
}
