using OmniTools.Errors;
using OmniTools.Ledger;
using OmniTools.VideoTasks;

namespace OmniTools.Batches;

/// <summary>What a clip costs, in credits of the credits limit.</summary>
internal static class BatchPrice
{
    /// <summary>What a request cost, or is estimated to cost; null when neither is known.</summary>
    public static decimal? Of(RequestRecord request) => Of(request.Task) ?? request.Sent?.Estimate;

    /// <summary>What a task cost; null when the provider has not said.</summary>
    public static decimal? Of(VideoTask task) => task is { Status: VideoTaskStatus.Failed, Error.Charged: Charged.No }
        ? 0
        : PaidPrice.InCredits(task.Provider, task.Credits, task.Cost);
}
