using OmniTools.Tasks;

namespace OmniTools.Ledger;

/// <summary>Which tasks of the ledger to list, newest first.</summary>
public sealed record TaskQuery
{
    /// <summary>Only these statuses; empty: all.</summary>
    public IReadOnlyCollection<VideoTaskStatus> Statuses { get; init; } = [];

    /// <summary>Only this provider.</summary>
    public string? Provider { get; init; }

    /// <summary>Only completed tasks with a video that has no file on this machine, deleted ones included.</summary>
    public bool Unsaved { get; init; }

    /// <summary>Only tasks asked for at or after this time: the ledger is read no further back.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only tasks made before this one, given by its request key: where the next page begins.</summary>
    public string? Before { get; init; }
}
