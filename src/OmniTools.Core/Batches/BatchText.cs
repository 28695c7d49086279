using System.Text;
using OmniTools.Batches.Lists;
using OmniTools.Errors;
using static System.FormattableString;

namespace OmniTools.Batches;

/// <summary>Plans, results and rows in words.</summary>
internal static class BatchText
{
    private const int MaximumInvalidShown = 3;

    /// <summary>A plan on one screen.</summary>
    public static string Describe(BatchPlan plan)
    {
        var text = new StringBuilder(plan.Title).Append(": ").Append(Count(plan.Rows, "row"));
        if (plan.Delimiter is { } delimiter)
            text.Append(delimiter == '\t' ? ", delimiter tab" : $", delimiter '{delimiter}'");
        text.Append(plan.KeyColumn is { } column ? $", key {column}" : ", keys made of the cells").AppendLine();
        Line("To submit", plan.Videos, string.Join("   ", plan.ToSubmit.Select(Describe)));
        if (plan.NewRows > 0 || plan.GoneRows > 0)
            Line("", null, $"{plan.NewRows} new since the last run, {plan.GoneRows} gone from the list");
        Line("Done", plan.Saved + plan.ToDownload, $"{plan.Saved} saved, {plan.ToDownload} to download");
        foreach (var (list, count) in plan.BoughtElsewhere.OrderBy(each => each.Key, StringComparer.Ordinal))
            Line("", null, $"{count} already bought by list {list}");
        if (plan.Running + plan.Unknown > 0)
            Line("Open", plan.Running + plan.Unknown,
                $"{plan.Running} running, {plan.Unknown} with an unknown outcome");
        if (plan.Failed > 0)
            Line("Failed", plan.Failed, "left so; -RetryFailed submits them again");
        if (plan.Invalid.Count > 0)
            Line("Invalid", plan.Invalid.Count, DescribeInvalid(plan.Invalid, plan.Report));
        foreach (var limit in DescribeLimits(plan))
            Line("Limit", null, limit);
        foreach (var (provider, balance) in plan.Balances)
            Line("Balance", null, $"{provider}: {balance}");
        if (plan.EstimatedTime is { } time)
            Line("Time", null, "about " + Describe(time));
        foreach (var warning in plan.Warnings)
            Line("Note", null, warning);
        return text.ToString().TrimEnd();

        void Line(string name, int? count, string words) =>
            text.AppendLine(Invariant($"  {name,-11}{(count is null ? words : $"{count,-5} {words}".TrimEnd())}"));
    }

    /// <summary>The summary of a run.</summary>
    public static string Describe(VideoBatchResult result)
    {
        string?[] parts =
        [
            Count(result.Rows.Count, "row"),
            result is { HadNothingToDo: true, Open: 0 } ? "nothing left to do" : null,
            $"{result.Saved} saved{(result.New > 0 ? $" ({result.New} new)" : "")}",
            result.Failed > 0 ? $"{result.Failed} failed ({DescribeBilling(result.Rows)})" : null,
            result.Invalid > 0 ? $"{result.Invalid} invalid" : null,
            $"{result.Open} open",
            result.Elapsed is { } elapsed ? Describe(elapsed) : null,
            result.Bought > 0 ? Invariant($"{result.Credits:0.##} credits, ${result.Usd:0.00}")
                + (result.UnknownPrices > 0 ? $", {Count(result.UnknownPrices, "clip")} of unknown price" : "") : null,
            .. result.Conditions,
            result.WasStopped ? "stopped" : null,
            result.RunningOn is { } owner ? $"running on {owner}" : null,
        ];
        var hasCommand = result.Command.Length > 0;
        string?[] lastLine =
        [
            result.Report is { } report ? $"Report: {report}" : null,
            hasCommand && result is { ExitCode: 2, RunningOn: null } ? $"Run again: {result.Command}" : null,
            .. DescribeChanges(result.Rows),
            hasCommand && result.Failed > 0 ? $"To retry failed rows: {result.Command} -RetryFailed" : null,
        ];
        return ($"{result.Title}: {string.Join(" · ", parts.OfType<string>())}{Environment.NewLine}"
            + string.Join("   ", lastLine.OfType<string>())).TrimEnd();
    }

    /// <summary>What must change before the open rows that need it can be bought.</summary>
    public static IEnumerable<string> DescribeChanges(IReadOnlyList<VideoBatchRow> rows) =>
        rows.Where(row => row.NeedsChange).GroupBy(row => row.NextStep)
            .Select(group => $"{Count(group.Count(), "open row")}: {group.Key}");

    /// <summary>One line about a row that is not fine.</summary>
    public static string Describe(VideoBatchRow row)
    {
        var prompt = ProviderText.Clean(row.Columns.GetValueOrDefault(BatchColumns.Prompt));
        prompt = prompt is null ? "" : $" ('{(prompt.Length > 40 ? prompt[..40].TrimEnd() + "…" : prompt)}')";
        var state = row.State switch
        {
            VideoBatchRowState.Failed => "failed",
            VideoBatchRowState.Invalid => "is invalid",
            VideoBatchRowState.Unknown => "has an unknown outcome and may have been billed",
            VideoBatchRowState.Running => "is still running at the provider",
            VideoBatchRowState.ToDownload => "is made and not saved yet",
            VideoBatchRowState.Saved => "is saved",
            _ => "was not submitted",
        };
        var billing = row.State != VideoBatchRowState.Failed ? "" : row.Charged switch
        {
            Charged.No => " Not billed.",
            Charged.Yes => " It was billed.",
            _ => " It may have been billed.",
        };
        var reason = ToOneLine(row.Reason) is { } why ? ": " + why : "";
        return $"Row {row.Row}{prompt} {state}{reason}.{billing}";
    }

    /// <summary>The first of the rows that are invalid, and how many more there are.</summary>
    public static string DescribeInvalid(IReadOnlyList<VideoBatchRow> rows, string report)
    {
        var shown = rows.Take(MaximumInvalidShown).Select(row => $"row {row.Row}: {ToOneLine(row.Reason)}").ToList();
        if (rows.Count > MaximumInvalidShown)
            shown.Add($"{rows.Count - MaximumInvalidShown} more in {Path.GetFileName(report)}");
        return string.Join(" · ", shown);
    }

    /// <summary>A time for people.</summary>
    public static string Describe(TimeSpan time) => time switch
    {
        { TotalSeconds: < 60 } => Invariant($"{time.TotalSeconds:0} s"),
        { TotalHours: < 1 } => $"{time.Minutes} min {time.Seconds} s",
        _ => $"{(int)time.TotalHours} h {time.Minutes} min",
    };

    public static string Count(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";

    private static string? ToOneLine(string? text) => text?.ReplaceLineEndings(" ").TrimEnd('.');

    private static string Describe(BatchPlanPart part) => part.Usd is { } usd
        ? Invariant($"{part.Provider} {part.Videos} ({part.Credits:0.##} credits, ${usd:0.00})")
        : $"{part.Provider} {part.Videos} (price not known)";

    private static string DescribeBilling(IReadOnlyList<VideoBatchRow> rows)
    {
        var (billed, unknown) = (Count(Charged.Yes), Count(Charged.Unknown));
        var parts = new[]
        {
            billed > 0 ? $"{billed} billed" : null,
            unknown > 0 ? $"{unknown} may have been billed" : null,
        }.OfType<string>().DefaultIfEmpty("not billed");
        return string.Join(", ", parts);

        int Count(Charged charged) =>
            rows.Count(row => row.State == VideoBatchRowState.Failed && row.Charged == charged);
    }

    private static IEnumerable<string> DescribeLimits(BatchPlan plan)
    {
        var spend = plan.Spend;
        if (spend.MaxVideos is { } videos)
            yield return $"OMNI_MAX_VIDEOS_PER_DAY {videos}, {spend.Videos} used today"
                + (videos - spend.Videos < plan.Videos
                    ? $": pauses after {Math.Max(0, videos - spend.Videos)}, resumes 00:00 UTC" : "");
        if (spend.MaxCredits is { } credits)
            yield return Invariant($"OMNI_MAX_CREDITS_PER_DAY {credits:0.##}, {spend.Credits:0.##} used today")
                + (credits - spend.Credits < plan.Credits
                    ? ": pauses when they are used up, resumes 00:00 UTC" : "");
        if (spend.MaxUsd is { } usd)
            yield return Invariant($"OMNI_MAX_USD_PER_DAY ${usd:0.00}, ${spend.Usd:0.00} used today")
                + (usd - spend.Usd < plan.Usd ? ": pauses when they are used up, resumes 00:00 UTC" : "");
        if (plan.MaxVideos is { } most)
            yield return $"-MaxVideos {most}, {Math.Max(0, plan.MaxVideosLeft ?? 0)} left for this list";
    }
}
