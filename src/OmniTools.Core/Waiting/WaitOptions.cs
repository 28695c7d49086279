namespace OmniTools.Waiting;

/// <summary>How long and for what to wait.</summary>
public sealed record WaitOptions
{
    /// <summary>When to stop waiting; null: never. The tasks go on either way.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether the first task that ends, ends the wait.</summary>
    public bool Any { get; init; }
}
