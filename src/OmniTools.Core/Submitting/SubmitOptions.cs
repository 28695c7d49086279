namespace OmniTools.Submitting;

/// <summary>What a caller says about one submission beyond its content.</summary>
public sealed record SubmitOptions
{
    /// <summary>Whether to submit the same content again although an earlier submission of it is unsettled.</summary>
    public bool AllowDuplicate { get; init; }

    /// <summary>
    /// How long the request may be held while its provider is unavailable or limits the rate, from its first failure
    /// on. The default is zero: up to four attempts within seconds.
    /// </summary>
    public TimeSpan HoldFor { get; init; }

    /// <summary>Ends a hold early, as if its time were over. A request that is on its way is not affected.</summary>
    public CancellationToken EndHold { get; init; }

    /// <summary>The batch that the request belongs to; null: none.</summary>
    public string? Batch { get; init; }

    /// <summary>The hash of the row of the batch's list that it is.</summary>
    internal string? RowHash { get; init; }

    /// <summary>
    /// Called with the request key as soon as the intent is on disk: from then on the request can be found by it.
    /// </summary>
    public Action<string>? OnRecorded { get; init; }
}
