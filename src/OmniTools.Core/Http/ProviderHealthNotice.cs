namespace OmniTools.Http;

/// <summary>
/// That a provider or a result host became unavailable while calls are held for it, or became available again.
/// </summary>
public sealed record ProviderHealthNotice
{
    /// <summary>The provider, or the result host, that is or was unavailable.</summary>
    public required string Name { get; init; }

    /// <summary>What is held: <c>submissions</c>, <c>status requests</c> or <c>downloads</c>.</summary>
    public required string Calls { get; init; }

    /// <summary>Whether it is available again.</summary>
    public required bool IsAvailable { get; init; }

    /// <summary>When it became unavailable.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When the next attempt is made; null once it is available again.</summary>
    public DateTimeOffset? NextAttempt { get; init; }

    /// <summary>Why: the last failure, or the status that was answered.</summary>
    public required string Reason { get; init; }

    /// <summary>How long it was unavailable; null while it is.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>One sentence for a person.</summary>
    public override string ToString() => IsAvailable
        ? FormattableString.Invariant($"{Name} accepts {Calls} again after {Describe(Duration!.Value)}.")
        : FormattableString.Invariant(
        $"{Name} has not accepted {Calls} since {Since:HH:mm:ss} UTC ({Reason}). They are held; ")
            + FormattableString.Invariant($"next attempt: {NextAttempt:HH:mm:ss} UTC.");

    private static string Describe(TimeSpan duration) => duration.TotalMinutes < 1
        ? FormattableString.Invariant($"{duration.TotalSeconds:0} s")
        : FormattableString.Invariant($"{(int)duration.TotalMinutes} min {duration.Seconds} s");
}
