using System.Globalization;
using OmniTools.Catalog;
using OmniTools.Waiting;

namespace OmniTools.PowerShell.Progress;

/// <summary>The progress of a wait: how many tasks have ended; status, age and estimate of the others.</summary>
internal sealed class WaitProgress(TimeProvider timeProvider)
{
    private readonly Dictionary<string, VideoTask> open = [];
    private readonly HashSet<string> seen = [];

    /// <summary>How many there are, ended ones included.</summary>
    public int Count => seen.Count;

    /// <summary>The parent bar.</summary>
    public ProgressLine Summary =>
        new("", $"{Ended} of {Count} ended", Count == 0 ? null : 100 * Ended / Count,
            open.Values.Select(EstimateSecondsLeft).Aggregate((int?)0, (longest, left) =>
                longest is null || left is null ? null : Math.Max(longest.Value, left.Value)));

    /// <summary>A bar for every open task, the first that came first.</summary>
    public IEnumerable<ProgressLine> Lines =>
        open.Values.Select(task => new ProgressLine(
            task.Reference, Describe(task), task.Progress, EstimateSecondsLeft(task)));

    private int Ended => Count - open.Count;

    /// <summary>Takes a task that is waited for from now on.</summary>
    public void Add(VideoTask task)
    {
        if (seen.Add(task.RequestKey))
            open[task.RequestKey] = task;
    }

    /// <summary>Takes what became of a task.</summary>
    public void Report(VideoTaskChange change)
    {
        Add(change.Task);
        if (change.IsLast)
            open.Remove(change.Task.RequestKey);
        else
            open[change.Task.RequestKey] = change.Task;
    }

    private string Describe(VideoTask task)
    {
        var about = $"{task.Provider}: {task.Status.ToWireName()}, {FormatSpan(Age(task))}";
        return Estimate(task) is { } whole ? $"{about} of about {FormatSpan(whole)}" : about;
    }

    // The provider's own estimate, else what its catalog entry says; the sandbox is quicker than any of them.
    private static TimeSpan? Estimate(VideoTask task) =>
        task.EstimatedSeconds is { } own ? TimeSpan.FromSeconds(own)
        : !task.IsSandbox
        && task.Model is not null
        && ModelCatalog.Provider(task.Provider).Rules(task.Model, out _).TypicalSeconds is { } typical
            ? TimeSpan.FromSeconds(typical)
        : null;

    private int? EstimateSecondsLeft(VideoTask task) =>
        Estimate(task) - Age(task) is { } left && left > TimeSpan.Zero ? (int)Math.Ceiling(left.TotalSeconds) : null;

    private TimeSpan Age(VideoTask task) =>
        timeProvider.GetUtcNow() - task.CreatedAt is var age && age > TimeSpan.Zero ? age : TimeSpan.Zero;

    private static string FormatSpan(TimeSpan span) => span.TotalSeconds < 120
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(span.TotalSeconds)} s")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(span.TotalMinutes)} min");
}
