using OmniTools.Ledger;
using OmniTools.Requests;
using OmniTools.Spending;
using OmniTools.Submitting;
using OmniTools.VideoTasks;

namespace OmniTools.Testing;

/// <summary>Reads of a client inside expressions of a test: each blocks while the ledger is read.</summary>
public static class BlockingReads
{
    /// <summary><see cref="OmniClient.FindTaskAsync"/>.</summary>
    public static VideoTask? FindTask(this OmniClient client, string id, string? provider = null) =>
        client.FindTaskAsync(id, provider).GetAwaiter().GetResult();

    /// <summary><see cref="OmniClient.EnumerateTasksAsync"/>.</summary>
    public static IEnumerable<VideoTask> ListTasks(this OmniClient client, VideoTaskQuery? query = null) =>
        client.EnumerateTasksAsync(query).ToBlockingEnumerable();

    /// <summary><see cref="OmniClient.PlanSubmissionAsync"/>.</summary>
    public static SubmissionPlan PlanSubmission(this OmniClient client, VideoRequest request,
        SubmitOptions? options = null) => client.PlanSubmissionAsync(request, options).GetAwaiter().GetResult();

    /// <summary><see cref="OmniClient.GetSpendingAsync"/>.</summary>
    public static SpendReport GetSpending(this OmniClient client) => client.GetSpendingAsync().GetAwaiter().GetResult();
}
