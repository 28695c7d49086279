using OmniTools.Catalog;
using OmniTools.Errors;
using OmniTools.Spending;
using OmniTools.VideoTasks;

namespace OmniTools.Submitting;

/// <summary>What a submission would do: everything is checked, nothing is sent or recorded.</summary>
public sealed record SubmissionPlan
{
    /// <summary>The provider.</summary>
    public required string Provider { get; init; }

    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>The request key it would have.</summary>
    public required string RequestKey { get; init; }

    /// <summary>
    /// The exact JSON that would be sent. It has local images by their paths: they would be uploaded first.
    /// </summary>
    public required string Body { get; init; }

    /// <summary>
    /// The length of the clip in seconds: as requested, else the provider's default; null when the provider decides.
    /// </summary>
    public int? Seconds { get; init; }

    /// <summary>
    /// What it would cost at most, in credits of the limit: 10 are one US dollar; null when not known.
    /// </summary>
    public decimal? EstimatedCredits { get; init; }

    /// <summary>The same in US dollars.</summary>
    public decimal? EstimatedUsd => EstimatedCredits / Money.CreditsPerDollar;

    /// <summary>The same in the provider's own credits; null where its rate is not known.</summary>
    public decimal? ProviderCredits { get; init; }

    /// <summary>Where the price is from.</summary>
    public PriceSource PriceSource { get; init; }

    /// <summary>The day of the price table, where the price is from there.</summary>
    public DateOnly? PriceDate { get; init; }

    /// <summary>The model's announced end, where it has passed: show it once in a session. Null otherwise.</summary>
    public ModelEnd? ModelEnd { get; init; }

    /// <summary>What was used today, and the limits.</summary>
    public required SpendReport Spend { get; init; }

    /// <summary>What the ledger already has under the given request key; null for a new one.</summary>
    public VideoTask? Existing { get; init; }

    /// <summary>
    /// Why a submission would be refused now: no API key, a limit reached, the clock, an earlier request of the same
    /// content with an unknown outcome, a request key used with other content. Null when it would be sent, or would
    /// return <see cref="Existing"/>.
    /// </summary>
    public OmniException? Error { get; init; }

    /// <summary>Warnings, such as an unknown model name.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
