using OmniTools.Errors;
using OmniTools.Spending;

namespace OmniTools.Batches;

/// <summary>
/// What may still be bought for a list, over all its runs. One run at a time owns a batch, so only this process buys.
/// </summary>
internal sealed class BatchBudget
{
    private readonly object gate = new();
    private readonly BatchOptions options;
    private int videos;
    private decimal credits;

    public BatchBudget(LoadedBatch batch)
    {
        options = batch.Options;
        videos = batch.Ledger.Purchases.Count;
        credits = batch.Ledger.Purchases.Sum(BatchPrice.Of) ?? 0;
    }

    /// <summary>The error of a clip whose price is not known where money is limited; null: it can be bought.</summary>
    public OmniException? FindUnknownPrice(decimal? price) =>
        price is null && (options.MaxCredits ?? options.MaxUsd) is not null
            ? UnknownPrice(options.MaxUsd is null ? "MaxCredits" : "MaxUsd")
            : null;

    /// <summary>Reserves what a row costs. Null: it is reserved; otherwise the limit that prevents it.</summary>
    public OmniException? TryReserve(decimal? price)
    {
        lock (gate)
        {
            if (videos >= options.MaxVideos)
                return Reached("MaxVideos", $"{videos} of {options.MaxVideos} clips were bought for the list");
            if (credits + price > options.MaxUsd * Money.CreditsPerDollar)
                return Reached("MaxUsd", FormattableString.Invariant(
                    $"${credits / Money.CreditsPerDollar:0.00} of ${options.MaxUsd:0.00} were spent for the list"));
            if (credits + price > options.MaxCredits)
                return Reached("MaxCredits", FormattableString.Invariant(
                    $"{credits:0.##} of {options.MaxCredits:0.##} credits were spent for the list"));
            videos++;
            credits += price ?? 0;
            return null;
        }
    }

    /// <summary>Releases the price of a row that was certainly not bought.</summary>
    public void Release(decimal? price)
    {
        lock (gate)
        {
            videos--;
            credits -= price ?? 0;
        }
    }

    private static OmniException UnknownPrice(string parameter) => BatchErrors.Create(OmniErrorKind.LimitReached,
        $"The price of this clip is not known, and -{parameter} is set", parameter, null, null,
        $"Leave -{parameter} out, or name a model whose price is known (Get-OmniModel)");

    private static OmniException Reached(string parameter, string problem) => BatchErrors.Create(
        OmniErrorKind.LimitReached, $"The limit -{parameter} is reached: {problem}", parameter, null, null,
        $"Run it again with a higher -{parameter}");
}
