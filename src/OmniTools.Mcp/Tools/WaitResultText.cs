using OmniTools.Mcp.Protocol;
using OmniTools.Mcp.Results;

namespace OmniTools.Mcp.Tools;

/// <summary>A wait's answer as text: the verdicts, the next step, then the providers' words.</summary>
internal static class WaitResultText
{
    /// <summary>Up to so many tasks get a line each; more are grouped by their status.</summary>
    public const int MaximumLines = 10;

    private const int MaximumQuotes = 3;

    public static string Create(
        IReadOnlyList<VideoTask> tasks,
        int open,
        IReadOnlyList<(string Id, OmniException Error)> failures,
        string next,
        TimeProvider timeProvider)
    {
        List<string> lines = [.. tasks.Count > MaximumLines ? Groups(tasks, timeProvider) : Lines(tasks, timeProvider)];
        if (open > 0)
            lines.Add($"The time is up with {open} still open. Nothing was lost, nothing needs to be submitted again.");
        // A task with an unknown outcome has its line already.
        lines.AddRange(failures
            .Where(failure => !tasks.Any(task =>
                task.Reference == failure.Id && task.Status == VideoTaskStatus.Unknown))
            .Take(MaximumLines)
            .Select(failure => $"{failure.Id}: cannot be followed: {failure.Error.Summary.TrimEnd('.')}"));
        lines.Add("Next: " + next);
        lines.AddRange(Quotes(failures.Select(failure => (failure.Id, ProviderQuote.Create(failure.Error))))
            .Take(MaximumQuotes));
        var quotes = Quotes(tasks.Select(task => (task.Reference, ProviderQuote.Create(task)))).ToList();
        lines.AddRange(quotes.Take(MaximumQuotes));
        if (quotes.Count > MaximumQuotes)
            lines.Add($"{quotes.Count - MaximumQuotes} more failed: get_video_task says why");
        return string.Join('\n', lines);
    }

    private static IEnumerable<string> Quotes(IEnumerable<(string Id, string? Quote)> each) =>
        each.Where(pair => pair.Quote is not null).Select(pair => $"{pair.Id}: {pair.Quote}");

    private static IEnumerable<string> Lines(IReadOnlyList<VideoTask> tasks, TimeProvider timeProvider)
    {
        var labels = tasks.Count > 1 ? TaskLabels.Create(tasks)
            : tasks.ToDictionary(task => task.RequestKey, task => TaskLabels.IsOwnKey(task) ? task.RequestKey : "");
        return tasks.Select(task => TaskSummaryText.Describe(task, timeProvider, labels[task.RequestKey]));
    }

    private static IEnumerable<string> Groups(IReadOnlyList<VideoTask> tasks, TimeProvider timeProvider) => tasks
        .GroupBy(task => task switch
        {
            { IsUnsaved: true, ExpiresAt: { } end } when end <= timeProvider.GetUtcNow() =>
                "completed, not saved, the URL expired",
            { IsUnsaved: true, ExpiresAt: not null } => "completed, not saved",
            { Status: VideoTaskStatus.Completed } =>
                "completed, " + TaskSummaryText.DescribeSaved(task, timeProvider.GetUtcNow()),
            { Status: VideoTaskStatus.Failed } => TaskSummaryText.DescribeFailure(task).TrimEnd('.'),
            _ => task.Status.ToWireName(),
        })
        .Select(group => $"{group.Count()} {group.Key}{DescribeFirstExpiry(group)}: "
            + string.Join(", ", group.Select(task => task.Reference)));

    private static string DescribeFirstExpiry(IEnumerable<VideoTask> tasks) =>
        tasks.Where(task => task.IsUnsaved).Min(task => task.ExpiresAt) is { } end
        ? $" (first URL expires {end:yyyy-MM-dd HH:mm}Z)"
        : "";
}
