namespace OmniTools.PowerShell.Pipeline;

/// <summary>Names the tasks that a wait has left open, the first few of many, and the command that resumes.</summary>
internal static class UnfinishedTasks
{
    private const int MaximumNamed = 3;

    /// <summary>The error at the end of the time.</summary>
    public static OmniException TimedOut(int seconds, IReadOnlyCollection<VideoTask> open, int all)
    {
        var running = all == 1 ? "the task is" : $"{open.Count} of {all} tasks {(open.Count == 1 ? "is" : "are")}";
        return new(OmniErrorKind.TimedOut, $"After {seconds} s {running} still running: {Describe(open)}", new()
        {
            Charged = Charged.Unknown,
            WasFree = true,
            WasSent = true,
            NextStep = $"{(open.Count == 1 ? "It goes" : "They go")} on at the provider. Resume with: {Resume(open)}",
        });
    }

    /// <summary>The warning when the wait is stopped.</summary>
    public static string Stopped(IReadOnlyCollection<VideoTask> open) =>
        $"Stopped waiting; {Describe(open)} go on at the provider. Resume with: {Resume(open)}";

    private static string Describe(IReadOnlyCollection<VideoTask> open)
    {
        var named = string.Join(", ", open.Take(MaximumNamed).Select(ItemText.Describe));
        return open.Count <= MaximumNamed ? named : $"{named} and {open.Count - MaximumNamed} more";
    }

    private static string Resume(IReadOnlyCollection<VideoTask> open) => open.Count <= MaximumNamed
        ? $"Wait-OmniVideoTask -Id {string.Join(",", open.Select(task => $"'{task.Reference}'"))}"
        : "Get-OmniVideoTask -Status InProgress, Queued | Wait-OmniVideoTask";
}
