using OmniTools.Mcp.Protocol;

namespace OmniTools.Mcp.Tools;

/// <summary>
/// Reports the progress of a wait: on a change at most once a second, otherwise every 5 seconds, with increasing
/// numbers.
/// </summary>
internal sealed class WaitProgressReporter(ToolCall call)
{
    /// <summary>The interval of reports while nothing changes.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan MinimumInterval = TimeSpan.FromSeconds(1);

    private DateTimeOffset? reportedAt;
    private string? reported;
    private float last;

    /// <summary>Reports the state of the tasks, unless the last report is less than a second old.</summary>
    public async Task ReportAsync(
        IReadOnlyList<VideoTask> tasks, IReadOnlyList<VideoTask>? open, CancellationToken cancellationToken)
    {
        var now = call.Session.TimeProvider.GetUtcNow();
        if (call.ProgressToken is null || (reportedAt is { } before && now - before < MinimumInterval))
            return;
        var seen = open is null ? tasks : [.. tasks.Where(task => task.Status.IsTerminal()), .. open];
        var message = Message(seen);
        if (message == reported && now - reportedAt < Heartbeat)
            return;
        (reportedAt, reported) = (now, message);
        var percent =
            seen.Count == 0
                ? 0
                : (float)seen.Average(task => task.Status.IsTerminal() ? 100 : Math.Min(task.Progress ?? 0, 99));
        // The protocol requires every number to be greater than the last, even while the provider's does not change.
        last = percent > last ? percent : last + ((100 - last) * 0.005f);
        await call.ReportAsync(last, message, cancellationToken);
    }

    private string Message(IReadOnlyList<VideoTask> tasks)
    {
        var running = tasks.Where(task => !task.Status.IsTerminal()).ToList();
        var done = $"{tasks.Count - running.Count} of {tasks.Count} done";
        if (running.Count == 0)
            return done;
        var slowest = running.MinBy(task => task.Progress ?? 0)!;
        var left = running.Max(task => TaskSummaryText.EstimateSecondsLeft(task, call.Session.TimeProvider));
        var progress = slowest.Progress is { } percent ? $"{percent}%" : slowest.Status.ToWireName();
        return $"{done}; {slowest.Reference} {progress}"
            + (left is { } seconds ? $", about {seconds} s left" : "");
    }
}
