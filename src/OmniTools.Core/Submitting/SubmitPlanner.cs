using System.Text;
using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.Ledger;
using OmniTools.Providers;
using OmniTools.Requests;
using OmniTools.Spending;

namespace OmniTools.Submitting;

/// <summary>Checks a request against the catalog, the ledger and the limits, and says what submitting it would do. Sends nothing.</summary>
internal sealed class SubmitPlanner(
    TaskLedger ledger, Func<ProviderSpec, RetryPolicy, IVideoProvider> providers, OmniSettings settings, TimeProvider time)
{
    /// <summary>Checks everything and says what would be sent, what is known already and what stands against it.</summary>
    public SubmitPlan Plan(VideoRequest request, SubmitOptions options)
    {
        var check = Check(request);
        var key = request.RequestKey ?? RequestKey.Mint(time);
        var summary = ledger.Look();
        var known = request.RequestKey is null ? null : ledger.Find(key, null);
        var provider = providers(check.Provider, RetryPolicy.Interactive);
        return new()
        {
            Provider = check.Provider.Id,
            Model = check.Request.Model!,
            RequestKey = key,
            Body = Encoding.UTF8.GetString(provider.WriteSubmit(check.Request, key).Body!.Value.Span),
            Seconds = check.Duration,
            EstimatedCredits = Estimate(summary, check),
            Spend = GetSpending(summary),
            Existing = known?.Task,
            Refusal = FindRefusal(provider, check, key, known, summary, request.RequestKey is not null, options),
            Warnings = check.Warnings,
        };
    }

    /// <summary>What was used today, against the limits.</summary>
    public SpendReport GetSpending() => GetSpending(ledger.Look());

    /// <summary>Chooses the provider and holds the request against the catalog.</summary>
    public CheckedRequest Check(VideoRequest request)
    {
        var spec = FindRecordedProvider(request) ?? settings.ChooseProviderFor(request);
        return CatalogCheck.Check(request, spec, settings.ModelFor(spec, request.Model), settings);
    }

    /// <summary>Refuses what the ledger or a limit does not allow to be sent now.</summary>
    public void CheckBeforeSending(
        LedgerSummary summary, CheckedRequest check, string content, string key, bool isOwnKey, bool isForced)
    {
        SubmissionErrors.CheckLedger(summary, ledger.Folder, time.GetUtcNow());
        if (!isForced && !isOwnKey && summary.Twin(content, ledger.IsAlive) is { } twin)
            throw SubmissionErrors.UnsettledDuplicate(twin, check.Provider);
        var now = summary.Now(time);
        if (!summary.IsClaimed(key, now))
            SpendLimits.Read(settings).Check(summary.Today(now), Estimate(summary, check), now);
    }

    /// <summary>Whether the ledger knows a request key with another content.</summary>
    public static bool IsOtherContent(LedgerEntry? known, CheckedRequest check, string content) =>
        known is not null
        && (known.First.Provider != check.Provider.Id || (known.First.Content is { } recorded && recorded != content));

    /// <summary>What a clip costs: what the last one of its model cost, else the catalog's figure; null when neither is known.</summary>
    public static decimal? Estimate(LedgerSummary summary, CheckedRequest check) =>
        summary.Price(check.Provider.Id, check.Request.Model) ?? check.Model.EstimatedCredits;

    // The error that submitting would end with before anything is sent; null when there is none.
    private OmniException? FindRefusal(
        IVideoProvider provider, CheckedRequest check, string key, LedgerEntry? known, LedgerSummary summary, bool isOwnKey, SubmitOptions options)
    {
        try
        {
            provider.Transport.RequireKey();
            var content = WireReferences.Readable(() => ContentHash.Of(check));
            if (IsOtherContent(known, check, content))
                return SubmissionErrors.OtherContent(key, check.Provider);
            if (known is { State: LedgerState.Accepted or LedgerState.Intended })
                return null;
            if (known is { State: LedgerState.Unknown })
            {
                if (check.Provider.ReadsByRequestKey)
                    return null;
                if (time.GetUtcNow() - known.First.FirstAt > LedgerConstants.SettlementWindow)
                    return SubmissionErrors.TooLate(key, check.Provider);
                if (Seller.Differs(known.First, provider) is { } elsewhere)
                    return elsewhere;
            }
            CheckBeforeSending(summary, check, content, key, isOwnKey, options.Force);
            return null;
        }
        catch (OmniException refusal)
        {
            return refusal;
        }
    }

    private SpendReport GetSpending(LedgerSummary summary)
    {
        var now = summary.Now(time);
        return SpendLimits.Read(settings).Report(summary.Today(now), now, summary.UnknownPrices(now));
    }

    // A repeated request goes where it was sent first, whatever the settings say by now.
    private ProviderSpec? FindRecordedProvider(VideoRequest request) =>
        string.IsNullOrWhiteSpace(request.Provider) && request.RequestKey is { } key && ledger.Find(key, null) is { } known
            ? Catalog.Providers.FirstOrDefault(spec => spec.Id == known.First.Provider)
            : null;
}
