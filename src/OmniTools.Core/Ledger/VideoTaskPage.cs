using OmniTools.VideoTasks;

namespace OmniTools.Ledger;

/// <summary>One page of the ledger's tasks, newest first.</summary>
public sealed record VideoTaskPage
{
    /// <summary>The tasks.</summary>
    public required IReadOnlyList<VideoTask> Tasks { get; init; }

    /// <summary>Where the next page begins, for <see cref="VideoTaskQuery.Before"/>; null when there is none.</summary>
    public string? NextCursor { get; init; }

    /// <summary>What to know about the ledger, in sentences for people; empty when all is well.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
