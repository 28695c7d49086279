using System.Text;
using OmniTools.Catalog;
using OmniTools.Configuration;
using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.Ledger;
using OmniTools.Providers;
using OmniTools.Requests;
using OmniTools.Spending;
using OmniTools.Tracking;

namespace OmniTools.Submitting;

/// <summary>
/// Checks a request against the catalog, the ledger and the limits, and plans its submission. Sends nothing.
/// </summary>
internal sealed class SubmissionPlanner(
    ILedgerStore ledger, Func<ProviderSpec, RetryPolicy, IVideoProvider> providers, OmniSettings settings,
    Func<VideoRequest, string?, CheckedRequest> checkRequest, TimeProvider timeProvider)
{
    /// <summary>
    /// Checks everything and returns what would be sent, what is known already and the error it would end with.
    /// </summary>
    public async Task<SubmissionPlan> PlanSubmissionAsync(VideoRequest request, SubmitOptions options,
        CancellationToken cancellationToken)
    {
        var known = await FindKnownAsync(request, cancellationToken);
        var check = Check(request, known);
        var key = request.RequestKey ?? RequestKey.Create(timeProvider);
        var provider = providers(check.Provider, RetryPolicy.Interactive);
        var estimate = await EstimateAsync(check, cancellationToken);
        var wanted = new PreparedSubmission(check, key, request.RequestKey is not null, options.AllowDuplicate,
            estimate.Credits);
        return new()
        {
            Provider = check.Provider.Id,
            Model = check.Request.Model!,
            RequestKey = key,
            Body = Encoding.UTF8.GetString(provider.WriteSubmit(check, key).Body!.Value.Span),
            Seconds = check.Duration,
            EstimatedCredits = estimate.Credits,
            PriceSource = estimate.Source,
            PriceDate = estimate.Source == PriceSource.PriceTable ? check.Model.Price?.Date : null,
            ProviderCredits = estimate.Credits / Money.CreditsPerDollar * check.Provider.CreditsPerDollar,
            ModelEnd = ModelEnd.Find(check.Provider, check.Model, timeProvider.GetUtcNow()),
            Spend = await GetSpendingAsync(cancellationToken),
            Existing = known?.Task,
            Error = await FindErrorAsync(provider, wanted, known, cancellationToken),
            Warnings = check.Warnings,
        };
    }

    /// <summary>What was used today, against the limits.</summary>
    public async Task<SpendReport> GetSpendingAsync(CancellationToken cancellationToken)
    {
        var day = await ledger.GetDayAsync(null, cancellationToken);
        return SpendLimits.FromSettings(settings)
            .CreateReport((day.Requests.Count, day.GetCredits()), day.Now,
                day.Requests.Count(request => request.GetPrice() is null));
    }

    /// <summary>What the ledger knows under the request's own key; null for a new one.</summary>
    public async Task<RequestRecord?> FindKnownAsync(VideoRequest request, CancellationToken cancellationToken) =>
        request.RequestKey is { } key ? await ledger.FindAsync(key, null, cancellationToken) : null;

    /// <summary>
    /// Chooses the provider and holds the request against the catalog. A repeated request goes where it was sent first.
    /// </summary>
    public CheckedRequest Check(VideoRequest request, RequestRecord? known) =>
        checkRequest(request, string.IsNullOrWhiteSpace(request.Provider) ? known?.Task.Provider : null);

    /// <summary>Refuses what the ledger or a limit does not allow to be sent now.</summary>
    public void CheckBeforeSending(LedgerDay day, PreparedSubmission wanted)
    {
        if (day.IsClockBehind)
            throw SubmissionErrors.ClockBehind(day);
        if (!wanted.IsForced && !wanted.IsOwnKey && day.Duplicate is { } duplicate)
            throw SubmissionErrors.UnsettledDuplicate(duplicate, wanted.Check.Provider);
        if (!day.IsCounted(wanted.Key))
            SpendLimits.FromSettings(settings).Check((day.Requests.Count, day.GetCredits()), wanted.Estimate, day.Now);
    }

    /// <summary>Whether the ledger knows a request key with another content.</summary>
    public static bool IsOtherContent(RequestRecord? known, PreparedSubmission wanted) => known is not null
        && (known.Task.Provider != wanted.Check.Provider.Id
            || (known.Sent?.ContentHash is { } recorded && recorded != wanted.Content));

    /// <summary>
    /// What a clip costs at most, in credits of the limit: by the price table, else the highest price paid for a clip
    /// of the same model, length, tier, sound and inputs; null when neither is known.
    /// </summary>
    public async Task<(decimal? Credits, PriceSource Source)> EstimateAsync(CheckedRequest check,
        CancellationToken cancellationToken)
    {
        if (PriceEstimate.InDollars(check) is { } dollars)
            return (dollars * Money.CreditsPerDollar, PriceSource.PriceTable);
        var paid = await ledger.FindCompletedAsync(check.Provider.Id, check.Request.Model!, check.Duration,
            check.Resolution, cancellationToken);
        var highest = paid.Where(clip => clip.Sent is { } sent && PaidPrice.HasSameInputs(sent.Request, check.Request))
            .Max(clip => PaidPrice.InCredits(check.Provider.Id, clip.Task.Credits, clip.Task.Cost));
        return (highest, highest is null ? PriceSource.Unknown : PriceSource.PaidBefore);
    }

    // The error that submitting would end with before anything is sent; null when there is none.
    private async Task<OmniException?> FindErrorAsync(IVideoProvider provider, PreparedSubmission wanted,
        RequestRecord? known, CancellationToken cancellationToken)
    {
        var spec = wanted.Check.Provider;
        try
        {
            provider.Transport.RequireKey();
            if (IsOtherContent(known, wanted))
                return SubmissionErrors.OtherContent(wanted.Key, spec);
            if (known is { State: LedgerState.Accepted or LedgerState.Intended })
                return null;
            if (known is { State: LedgerState.Unknown })
            {
                if (spec.ReadsByRequestKey)
                    return null;
                if (known.IsTooOldToSettle)
                    return SubmissionErrors.TooLate(wanted.Key, spec);
                if (AccountIdentity.FindDifference(known, provider) is { } elsewhere)
                    return elsewhere;
            }
            CheckBeforeSending(await ledger.GetDayAsync(wanted.Content, cancellationToken), wanted);
            return null;
        }
        catch (OmniException refusal)
        {
            return refusal;
        }
    }
}

/// <summary>One checked request with its options.</summary>
internal sealed record PreparedSubmission(CheckedRequest Check, string Key, bool IsOwnKey, bool IsForced,
    decimal? Estimate)
{
    private string? content;

    /// <summary>The hash of the content; throws if a reference file cannot be read.</summary>
    public string Content => content ??= ReferenceUploader.ReadReference(() => ContentHash.Compute(Check));
}
