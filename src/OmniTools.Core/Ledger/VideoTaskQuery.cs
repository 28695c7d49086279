using OmniTools.VideoTasks;

namespace OmniTools.Ledger;

/// <summary>Which tasks of the ledger to list, newest first.</summary>
public sealed record VideoTaskQuery
{
    /// <summary>Only these statuses; empty: all.</summary>
    public IReadOnlyCollection<VideoTaskStatus> Statuses { get; init; } = [];

    /// <summary>Only this provider.</summary>
    public string? Provider { get; init; }

    /// <summary>Only completed tasks with a video that has no file, deleted ones included.</summary>
    public bool Unsaved { get; init; }

    /// <summary>Only tasks requested at or after this time.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only tasks made before this one, given by its request key: where the next page begins.</summary>
    public string? Before { get; init; }

    /// <summary>Only tasks whose prompt, request key or task id contains this text, in any case.</summary>
    public string? Search { get; init; }

    /// <summary>Only the tasks of this batch.</summary>
    public string? Batch { get; init; }

    /// <summary>The most tasks of one page. The default is 500.</summary>
    public int Limit { get; init; } = 500;
}
