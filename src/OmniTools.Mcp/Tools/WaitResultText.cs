using System.Globalization;
using OmniTools.Mcp.Protocol;
using OmniTools.Mcp.Results;
using OmniTools.VideoTasks;

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
        IReadOnlyList<VideoTaskFailure> failures,
        string next,
        TimeProvider timeProvider)
    {
        var lines =
            tasks.Count > MaximumLines ? Groups(tasks, timeProvider).ToList() : Lines(tasks, timeProvider).ToList();
        if (open > 0)
            lines.Add(string.Create(CultureInfo.InvariantCulture,
                $"The time is up with {open} still open. Nothing was lost, nothing needs to be submitted again."));
        // A task with an unknown outcome has its line already.
        lines.AddRange(failures.Where(failure =>
            !tasks.Any(task => task.Reference == failure.TaskId && task.Status == VideoTaskStatus.Unknown))
            .Take(MaximumLines)
            .Select(failure => $"{failure.TaskId}: cannot be followed: {failure.Reason}"));
        lines.Add("Next: " + next);
        lines.AddRange(failures.Where(failure => failure.Quote is not null).Take(MaximumQuotes)
            .Select(failure => $"{failure.TaskId}: {failure.Quote}"));
        var quotes = tasks.Select(task => (Id: task.Reference, Quote: ProviderQuote.Create(task)))
            .Where(each => each.Quote is not null).ToList();
        lines.AddRange(quotes.Take(MaximumQuotes).Select(each => $"{each.Id}: {each.Quote}"));
        if (quotes.Count > MaximumQuotes)
            lines.Add(string.Create(CultureInfo.InvariantCulture,
                $"{quotes.Count - MaximumQuotes} more failed: get_video_task says why"));
        return string.Join('\n', lines);
    }

    private static IEnumerable<string> Lines(IReadOnlyList<VideoTask> tasks, TimeProvider timeProvider)
    {
        var labels = tasks.Count > 1 ? TaskLabels.Create(tasks)
            : tasks.ToDictionary(task => task.RequestKey, task => TaskLabels.IsOwnKey(task) ? task.RequestKey : "");
        return tasks.Select(task => TaskSummaryText.Describe(task, timeProvider, labels[task.RequestKey]));
    }

    private static IEnumerable<string> Groups(IReadOnlyList<VideoTask> tasks, TimeProvider timeProvider) =>
        tasks
            .GroupBy(task =>
                task switch
                {
                    { IsUnsaved: true, ExpiresAt: { } end } => end <= timeProvider.GetUtcNow()
                        ? "completed, not saved, the URL expired"
                        : "completed, not saved",
                    { Status: VideoTaskStatus.Completed } => "completed, "
                        + TaskSummaryText.DescribeSaved(task, timeProvider.GetUtcNow()),
                    { Status: VideoTaskStatus.Failed } => TaskSummaryText.DescribeFailure(task).TrimEnd('.'),
                    _ => task.Status.ToWireName(),
                })
            .Select(group =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{group.Count()} {group.Key}{DescribeFirstExpiry(group)}: "
                        + $"{string.Join(", ", group.Select(task => task.Reference))}"
                ));

    private static string DescribeFirstExpiry(IEnumerable<VideoTask> tasks) =>
        tasks.Where(task => task.IsUnsaved).Min(task => task.ExpiresAt) is { } end
        ? string.Create(CultureInfo.InvariantCulture, $" (first URL expires {end:yyyy-MM-dd HH:mm}Z)")
        : "";
}
