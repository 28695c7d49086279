using OmniTools.Spending;

namespace OmniTools.Batches;

/// <summary>What running a list would do. Nothing was sent or recorded for it.</summary>
public sealed record BatchPlan
{
    /// <summary>The batch.</summary>
    public required string Batch { get; init; }

    /// <summary>The file's name, else the name of the batch.</summary>
    public required string Title { get; init; }

    /// <summary>The delimiter of a CSV file; null for other lists.</summary>
    public char? Delimiter { get; init; }

    /// <summary>The column of the request keys; null where keys are made of the rows' cells.</summary>
    public string? KeyColumn { get; init; }

    /// <summary>The rows of the list.</summary>
    public required int Rows { get; init; }

    /// <summary>What would be bought, by provider.</summary>
    public required IReadOnlyList<BatchPlanPart> ToSubmit { get; init; }

    /// <summary>Rows with a file.</summary>
    public required int Saved { get; init; }

    /// <summary>Rows whose clip is made and would be downloaded.</summary>
    public required int ToDownload { get; init; }

    /// <summary>Rows whose clip is being made.</summary>
    public required int Running { get; init; }

    /// <summary>Rows that may have been accepted, which would be settled first.</summary>
    public required int Unknown { get; init; }

    /// <summary>Rows that have failed and are left so.</summary>
    public required int Failed { get; init; }

    /// <summary>Rows that cannot be submitted as they are.</summary>
    public required IReadOnlyList<VideoBatchRow> Invalid { get; init; }

    /// <summary>Rows that were added or edited since the batch was run; 0 before its first run.</summary>
    public required int NewRows { get; init; }

    /// <summary>Clips of the batch that no row has any more.</summary>
    public required int GoneRows { get; init; }

    /// <summary>Rows that other lists bought: the number by list.</summary>
    public required IReadOnlyDictionary<string, int> BoughtElsewhere { get; init; }

    /// <summary>What was used today, and the limits.</summary>
    public required SpendReport Spend { get; init; }

    /// <summary>The most clips of the list, over all runs; null: no limit.</summary>
    public int? MaxVideos { get; init; }

    /// <summary>How many of <see cref="MaxVideos"/> are left.</summary>
    public int? MaxVideosLeft { get; init; }

    /// <summary>What the accounts of the providers in <see cref="ToSubmit"/> have left, in words.</summary>
    public required IReadOnlyDictionary<string, string> Balances { get; init; }

    /// <summary>How long it would take; null where that is not known.</summary>
    public TimeSpan? EstimatedTime { get; init; }

    /// <summary>The report that the run would write.</summary>
    public required string Report { get; init; }

    /// <summary>Warnings about the list.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>How many clips would be bought.</summary>
    public int Videos => ToSubmit.Sum(part => part.Videos);

    /// <summary>What they would cost in credits (10 are $1); null where a price is not known.</summary>
    public decimal? Credits => ToSubmit.Any(part => part.Credits is null) ? null : ToSubmit.Sum(part => part.Credits);

    /// <summary>The same in US dollars.</summary>
    public decimal? Usd => Credits / Money.CreditsPerDollar;

    /// <summary>All of it on one screen.</summary>
    public override string ToString() => BatchText.Describe(this);
}

/// <summary>What a batch would buy at one provider.</summary>
/// <param name="Provider">The provider.</param>
/// <param name="Videos">How many clips.</param>
/// <param name="Credits">What they would cost in credits (10 are $1); null where a price is not known.</param>
public sealed record BatchPlanPart(string Provider, int Videos, decimal? Credits)
{
    /// <summary>The same in US dollars.</summary>
    public decimal? Usd => Credits / Money.CreditsPerDollar;
}
