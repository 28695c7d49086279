using System.Globalization;
using OmniTools.Catalog;
using OmniTools.Requests;
using OmniTools.Spending;
using OmniTools.Submitting;

namespace OmniTools.PowerShell.Pipeline;

/// <summary>Says of each row what submitting it would do, and adds up what the rows before it would use.</summary>
internal sealed class SubmissionPlanText
{
    private readonly Dictionary<string, string> bodies = [];
    private int videos;
    private decimal credits;
    private bool hasUnknownPrice;

    /// <summary>One line for -WhatIf and -Confirm.</summary>
    public static string Describe(SubmissionPlan plan, VideoRequest request)
    {
        var seconds = plan.Seconds is { } length ? $"{length} s" : "the provider's length";
        var estimate = Money.Price(plan.EstimatedCredits, ModelCatalog.Provider(plan.Provider));
        var key = request.RequestKey is null ? "" : $"{ProviderText.Clean(request.RequestKey)} ";
        var prompt = ItemText.ShortenPrompt(request.Prompt) is { } words ? $"'{words}'" : "(no prompt)";
        var provider = plan.Provider + (plan.Spend.IsSandbox ? " in the sandbox" : "");
        return $"{key}{prompt}: {provider}, {plan.Model}, {seconds}, {estimate}";
    }

    /// <summary>The same with what the ledger has already, or what the list would have used with this row.</summary>
    public string DescribeWithTotal(SubmissionPlan plan, VideoRequest request) =>
        $"{Describe(plan, request)}. {Total(plan)}.";

    private string Total(SubmissionPlan plan)
    {
        if (plan.Error is { RetryAt: null } refusal)
            return $"It would be refused: {ParameterNames.Translate(refusal).Summary.TrimEnd('.')}";
        if (plan.Existing is { } known && !(known.Status == VideoTaskStatus.Failed && known.Id is null))
            return $"Already bought ({known.Reference}, {known.ToDisplayText()}): it is returned, nothing is bought";
        if (!bodies.TryAdd(plan.RequestKey, plan.Body))
            return bodies[plan.RequestKey] == plan.Body
                ? "The same as an earlier row with this key: nothing is bought"
                : "It would be refused: an earlier row has this key and another content";
        return Refused(plan) ?? Counted(plan);
    }

    private string? Refused(SubmissionPlan plan)
    {
        var spend = plan.Spend;
        if (spend.Videos + videos >= spend.MaxVideos)
            return Limit("OMNI_MAX_VIDEOS_PER_DAY", spend.MaxVideos.Value, spend.Videos + videos);
        if (plan.EstimatedCredits is { } price && spend.Credits + credits + price > spend.MaxCredits)
            return Limit("OMNI_MAX_CREDITS_PER_DAY", spend.MaxCredits.Value, spend.Credits + credits);
        if (plan.EstimatedUsd is { } dollars && spend.Usd + (credits / Money.CreditsPerDollar) + dollars > spend.MaxUsd)
            return Limit("OMNI_MAX_USD_PER_DAY", spend.MaxUsd.Value, spend.Usd + (credits / Money.CreditsPerDollar));
        // A limit that nothing above accounts for.
        return plan.Error is null ? null : $"It would be refused: {plan.Error.Summary.TrimEnd('.')}";
    }

    private string Counted(SubmissionPlan plan)
    {
        videos++;
        credits += plan.EstimatedCredits ?? 0;
        hasUnknownPrice |= plan.EstimatedCredits is null;
        var spend = plan.Spend;
        var count = spend.MaxVideos is { } most
            ? $"Clip {spend.Videos + videos} of {most} today"
            : $"Clip {videos} of this command";
        if (spend.MaxCredits is { } limit)
            return $"{count}, {Text(spend.Credits + credits)} of {Text(limit)} credits today";
        if (spend.MaxUsd is { } dollars)
            return $"{count}, {Money.Dollars(spend.Credits + credits)} of ${Text(dollars)} today";
        var known = hasUnknownPrice ? " where prices are known" : "";
        return credits > 0 ? $"{count}, at most {Money.Dollars(credits)} in all{known}" : count;
    }

    private static string Limit(string variable, decimal limit, decimal used) =>
        $"It would be refused: {variable} is {Text(limit)}, and {Text(used)} would be used before it";

    private static string Text(decimal number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}
