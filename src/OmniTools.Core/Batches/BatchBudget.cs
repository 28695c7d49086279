using OmniTools.Errors;

namespace OmniTools.Batches;

/// <summary>
/// What may still be bought for a list, over all its runs. One run at a time owns a batch, so that this process alone
/// counts.
/// </summary>
internal sealed class BatchBudget
{
    private readonly object gate = new();
    private readonly BatchOptions options;
    private int videos;
    private decimal usd;

    public BatchBudget(LoadedBatch batch)
    {
        options = batch.Options;
        foreach (var purchase in batch.Ledger.Purchases)
        {
            videos++;
            usd += BatchPrice.Of(purchase) ?? 0;
        }
    }

    /// <summary>Reserves what a row costs. Otherwise the error says which limit is in the way.</summary>
    public OmniException? TryReserve(decimal? price)
    {
        lock (gate)
        {
            if (videos >= options.MaxVideos)
                return Reached("MaxVideos", $"{videos} of {options.MaxVideos} clips were bought for the list");
            if ((options.MaxCredits ?? options.MaxUsd) is not null && price is null)
                return UnknownPrice(options.MaxUsd is null ? "MaxCredits" : "MaxUsd");
            if (usd + price > options.MaxUsd)
                return Reached("MaxUsd",
                    FormattableString.Invariant($"${usd:0.00} of ${options.MaxUsd:0.00} were spent for the list"));
            if (BatchPrice.ToCredits(usd + price) > options.MaxCredits)
                return Reached("MaxCredits",
                    FormattableString.Invariant(
                    $"{BatchPrice.ToCredits(usd):0.##} of {options.MaxCredits:0.##} credits were spent for the list"));
            videos++;
            usd += price ?? 0;
            return null;
        }
    }

    /// <summary>Gives back what a row would have cost that was certainly not bought.</summary>
    public void Release(decimal? price)
    {
        lock (gate)
        {
            videos--;
            usd -= price ?? 0;
        }
    }

    private static OmniException UnknownPrice(string parameter) =>
        new(OmniErrorKind.LimitReached,
            $"-{parameter} refuses clips whose price is not known, and the next row is one", new()
            {
                Charged = Charged.No, // Nothing was sent.
                Field = "-" + parameter,
                NextStep = $"Leave -{parameter} out, or name a model whose price is known (Get-OmniModel)",
            });

    private static OmniException Reached(string parameter, string what) =>
        new(OmniErrorKind.LimitReached, $"The limit -{parameter} is reached: {what}", new()
        {
            Charged = Charged.No, // Nothing was sent.
            Field = "-" + parameter,
            NextStep = $"Run it again with a higher -{parameter}",
        });
}
