namespace OmniTools.Catalog;

/// <summary>What clips of a model cost, by the provider's price page.</summary>
public sealed record PriceTable
{
    /// <summary>The day of the price page.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>
    /// What the amounts are: <c>effective</c>, what an account of the default group is billed, which is less than the
    /// list price; <c>list</c>, the list price; <c>sample</c>, what a sample of the documentation cost.
    /// </summary>
    public required string Basis { get; init; }

    /// <summary>What an amount is for: a <c>second</c> or a <c>clip</c>.</summary>
    public required string Per { get; init; }

    /// <summary>The longest clip, in seconds, where the model decides the length.</summary>
    public int? LongestSeconds { get; init; }

    /// <summary>The amounts. The highest that fits counts.</summary>
    public required IReadOnlyList<PriceRate> Rates { get; init; }
}

/// <summary>One amount. A condition that is null fits every request.</summary>
public sealed record PriceRate
{
    /// <summary>The resolution it is for.</summary>
    public string? Resolution { get; init; }

    /// <summary>Whether it is for clips with sound.</summary>
    public bool? Audio { get; init; }

    /// <summary>Whether it is for requests with a reference video.</summary>
    public bool? Video { get; init; }

    /// <summary>Whether it is for requests with images, frames included.</summary>
    public bool? Image { get; init; }

    /// <summary>The length it is for, in seconds.</summary>
    public int? Seconds { get; init; }

    /// <summary>The amount in US dollars, for a clip or a second.</summary>
    public required decimal Usd { get; init; }
}
