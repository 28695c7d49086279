using System.Globalization;
using System.Text;
using OmniTools.Errors;

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
            text.Append(CultureInfo.InvariantCulture, $", delimiter {(delimiter == '\t' ? "tab" : $"'{delimiter}'")}");
        text.Append(plan.KeyColumn is { } column ? $", key {column}" : ", keys made of the cells").AppendLine();
        Line("To submit", plan.Videos == 0 ? "0" : $"{plan.Videos,-5} {string.Join("   ", plan.ToSubmit.Select(Describe))}");
        if (plan.NewRows > 0 || plan.GoneRows > 0)
            Line("", $"{plan.NewRows} new since the last run, {plan.GoneRows} gone from the list");
        Line("Done", $"{plan.Saved + plan.ToDownload,-5} {plan.Saved} saved, {plan.ToDownload} to download");
        foreach (var (list, count) in plan.BoughtElsewhere.OrderBy(each => each.Key, StringComparer.Ordinal))
            Line("", $"{count} already bought by list {list}");
        if (plan.Running + plan.Unknown > 0)
            Line("Open", $"{plan.Running + plan.Unknown,-5} {plan.Running} running, {plan.Unknown} with an unknown outcome");
        if (plan.Failed > 0)
            Line("Failed", $"{plan.Failed,-5} left so; -RetryFailed submits them again");
        if (plan.Invalid.Count > 0)
            Line("Invalid", $"{plan.Invalid.Count,-5} {DescribeInvalid(plan.Invalid, Path.GetFileName(plan.Report))}");
        foreach (var limit in Limits(plan))
            Line("Limit", limit);
        foreach (var (provider, balance) in plan.Balances)
            Line("Balance", $"{provider}: {balance}");
        if (plan.EstimatedTime is { } time)
            Line("Time", "about " + Describe(time));
        foreach (var warning in plan.Warnings)
            Line("Note", warning);
        return text.ToString().TrimEnd();

        void Line(string name, string value) => text.Append("  ").Append(name.PadRight(11)).AppendLine(value);
    }

    /// <summary>The summary of a run.</summary>
    public static string Describe(VideoBatchResult result)
    {
        var parts = new List<string> { Count(result.Rows.Count, "row") };
        if (result is { HadNothingToDo: true, Open: 0 })
            parts.Add("nothing left to do");
        parts.Add($"{result.Saved} saved{(result.New > 0 ? $" ({result.New} new)" : "")}");
        if (result.Failed > 0)
            parts.Add($"{result.Failed} failed ({Billing(result.Rows)})");
        if (result.Invalid > 0)
            parts.Add($"{result.Invalid} invalid");
        parts.Add($"{result.Open} open");
        if (result.Elapsed is { } elapsed)
            parts.Add(Describe(elapsed));
        if (result.Bought > 0)
            parts.Add(Money(result));
        parts.AddRange(result.Conditions);
        if (result.WasStopped)
            parts.Add("stopped");
        if (result.RunningOn is { } owner)
            parts.Add("running on " + owner);
        var text = new StringBuilder(result.Title).Append(": ").AppendLine(string.Join(" · ", parts));
        if (result.Report is { } report)
            text.Append("Report: ").Append(report);
        if (result.Command.Length > 0 && result.ExitCode == 2)
            text.Append("   Run again: ").Append(result.Command);
        if (result.Command.Length > 0 && result.Failed > 0)
            text.Append("   To retry failed rows: ").Append(result.Command).Append(" -RetryFailed");
        return text.ToString().TrimEnd();
    }

    /// <summary>One line about a row that is not fine.</summary>
    public static string Describe(VideoBatchRow row)
    {
        var prompt = ProviderText.Clean(row.Columns.GetValueOrDefault(BatchColumns.Prompt));
        prompt = prompt is null ? "" : $" ('{(prompt.Length > 40 ? prompt[..40].TrimEnd() + "…" : prompt)}')";
        var word = row.State switch
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
        var reason = OneLine(row.Reason) is { } why ? $": {why}." : ".";
        return $"Row {row.Row}{prompt} {word}{reason}{billing}";
    }

    /// <summary>The first of the rows that are invalid, and how many more there are.</summary>
    public static string DescribeInvalid(IReadOnlyList<VideoBatchRow> rows, string report)
    {
        var shown = rows.Take(MaximumInvalidShown).Select(row => $"row {row.Row}: {OneLine(row.Reason)}").ToList();
        if (rows.Count > MaximumInvalidShown)
            shown.Add($"{rows.Count - MaximumInvalidShown} more in {report}");
        return string.Join(" · ", shown);
    }

    /// <summary>A time for people.</summary>
    public static string Describe(TimeSpan time) => time switch
    {
        { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s"),
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} min {time.Seconds} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes} min"),
    };

    public static string Count(int count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");

    private static string? OneLine(string? text) => text?.ReplaceLineEndings(" ").TrimEnd('.');

    private static string Describe(BatchPlanPart part) => part.Usd is { } usd
        ? string.Create(CultureInfo.InvariantCulture, $"{part.Provider} {part.Videos} ({part.Credits:0.##} credits, ${usd:0.00})")
        : string.Create(CultureInfo.InvariantCulture, $"{part.Provider} {part.Videos} (price not known)");

    private static string Money(VideoBatchResult result)
    {
        var known = string.Create(CultureInfo.InvariantCulture, $"{result.Credits:0.##} credits, ${result.Usd:0.00}");
        return result.UnknownPrices == 0 ? known : $"{known}, {Count(result.UnknownPrices, "clip")} of unknown price";
    }

    private static string Billing(IReadOnlyList<VideoBatchRow> rows)
    {
        var failed = rows.Where(row => row.State == VideoBatchRowState.Failed).ToList();
        var (billed, unknown) = (failed.Count(row => row.Charged == Charged.Yes), failed.Count(row => row.Charged == Charged.Unknown));
        return billed + unknown == 0 ? "not billed"
            : string.Join(", ", new[] { billed > 0 ? $"{billed} billed" : null, unknown > 0 ? $"{unknown} may have been billed" : null }.OfType<string>());
    }

    private static IEnumerable<string> Limits(BatchPlan plan)
    {
        var spend = plan.Spend;
        if (spend.MaxVideos is { } videos)
        {
            var pauses = videos - spend.Videos < plan.Videos ? $": pauses after {Math.Max(0, videos - spend.Videos)}, resumes 00:00 UTC" : "";
            yield return $"OMNI_MAX_VIDEOS_PER_DAY {videos}, {spend.Videos} used today{pauses}";
        }
        if (spend.MaxCredits is { } credits)
        {
            var pauses = plan.Credits is { } wanted && credits - spend.Credits < wanted ? ": pauses when they are used up, resumes 00:00 UTC" : "";
            yield return string.Create(CultureInfo.InvariantCulture, $"OMNI_MAX_CREDITS_PER_DAY {credits:0.##}, {spend.Credits:0.##} used today{pauses}");
        }
        if (plan.MaxVideos is { } most)
            yield return $"-MaxVideos {most}, {Math.Max(0, plan.MaxVideosLeft ?? 0)} left for this list";
    }
}
