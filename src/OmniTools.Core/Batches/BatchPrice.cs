using OmniTools.Errors;
using OmniTools.Ledger;
using OmniTools.Spending;
using OmniTools.VideoTasks;

namespace OmniTools.Batches;

/// <summary>What a clip costs in US dollars.</summary>
internal static class BatchPrice
{
    /// <summary>What a request cost, or is estimated to cost; null when neither is known.</summary>
    public static decimal? Of(RequestRecord request) => Of(request.Task) ?? OfEstimate(request.Sent?.Estimate);

    /// <summary>What a task cost; null when the provider has not said.</summary>
    public static decimal? Of(VideoTask task) => task switch
    {
        { Status: VideoTaskStatus.Failed, Error.Charged: Charged.No } => 0,
        _ => PaidPrice.InCredits(task.Provider, task.Credits, task.Cost) / Money.CreditsPerDollar,
    };

    /// <summary>An estimate, which is in credits of the credits limit.</summary>
    public static decimal? OfEstimate(decimal? credits) => credits / Money.CreditsPerDollar;

    /// <summary>Dollars as credits of the credits limit.</summary>
    public static decimal? ToCredits(decimal? usd) => usd * Money.CreditsPerDollar;
}
