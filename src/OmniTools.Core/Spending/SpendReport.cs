namespace OmniTools.Spending;

/// <summary>What was bought today (a UTC day) by all processes that share the ledger, against the limits.</summary>
public sealed record SpendReport
{
    /// <summary>Clips, submissions of unknown outcome included.</summary>
    public required int Videos { get; init; }

    /// <summary>
    /// Credits of the limit, 10 for one US dollar, at every provider: what the provider reports, else the estimate.
    /// </summary>
    public required decimal Credits { get; init; }

    /// <summary><see cref="Credits"/> in US dollars.</summary>
    public decimal Usd => Credits / Money.CreditsPerDollar;

    /// <summary>
    /// How many of <see cref="Videos"/> have a price that is not known: they are not in <see cref="Credits"/>, and not
    /// free.
    /// </summary>
    public int UnknownPrices { get; init; }

    /// <summary><c>OMNI_MAX_VIDEOS_PER_DAY</c>; null: no limit.</summary>
    public int? MaxVideos { get; init; }

    /// <summary><c>OMNI_MAX_CREDITS_PER_DAY</c>; null: no limit.</summary>
    public decimal? MaxCredits { get; init; }

    /// <summary><c>OMNI_MAX_USD_PER_DAY</c>; null: no limit.</summary>
    public decimal? MaxUsd { get; init; }

    /// <summary>Whether it was bought in the sandbox, for no money.</summary>
    public bool IsSandbox { get; init; }

    /// <summary>When a new day begins: the next midnight UTC.</summary>
    public required DateTimeOffset ResetsAt { get; init; }
}
