namespace OmniTools.Submitting;

/// <summary>What a caller says about one submission beyond its content.</summary>
public sealed record SubmitOptions
{
    /// <summary>That the same content is meant again although an earlier submission of it is still unsettled.</summary>
    public bool AllowDuplicate { get; init; }

    /// <summary>
    /// How long the request may be held while its provider is unavailable or limits the rate, from its first failure
    /// on. The default is zero: up to four attempts within seconds.
    /// </summary>
    public TimeSpan HoldFor { get; init; }

    /// <summary>
    /// Told the request key as soon as the intent is on disk: from then on the request can be found by it, whatever
    /// comes.
    /// </summary>
    public Action<string>? OnRecorded { get; init; }
}
