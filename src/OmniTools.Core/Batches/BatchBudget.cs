using OmniTools.Batches.Lists;
using OmniTools.Errors;
using OmniTools.Ledger;
using OmniTools.Spending;
using OmniTools.VideoTasks;

namespace OmniTools.Batches;

/// <summary>
/// What may still be bought for a list, over all its runs. One run at a time owns a batch, so only this process buys.
/// </summary>
internal sealed class BatchBudget(BatchOptions options, IReadOnlyList<RequestRecord> purchases)
{
    private readonly object gate = new();
    private int videos = purchases.Count;
    private decimal credits = purchases.Sum(GetPrice) ?? 0;

    /// <summary>What a request cost in credits (10 are $1), or is estimated to cost; null when not known.</summary>
    public static decimal? GetPrice(RequestRecord request) => GetPrice(request.Task) ?? request.Sent?.Estimate;

    /// <summary>What a task cost in credits; null when the provider has not said.</summary>
    public static decimal? GetPrice(VideoTask task) =>
        task is { Status: VideoTaskStatus.Failed, Error.Charged: Charged.No }
            ? 0
            : PaidPrice.InCredits(task.Provider, task.Credits, task.Cost);

    /// <summary>The error of a clip whose price is not known where money is limited; null: it can be bought.</summary>
    public OmniException? FindUnknownPrice(decimal? price)
    {
        if (price is not null || (options.MaxCredits ?? options.MaxUsd) is null)
            return null;
        var limit = options.MaxUsd is null ? "MaxCredits" : "MaxUsd";
        return ParameterError.Create(OmniErrorKind.LimitReached,
            $"The price of this clip is not known, and -{limit} is set", limit, null, null,
            "Name a model whose price is known (Get-OmniModel), add the price to your own models (OMNI_CATALOG), or "
            + $"remove -{limit}");
    }

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

    private static OmniException Reached(string limit, string problem) => ParameterError.Create(
        OmniErrorKind.LimitReached, $"The limit -{limit} is reached: {problem}", limit, null, null,
        $"Raise or remove -{limit}");
}
