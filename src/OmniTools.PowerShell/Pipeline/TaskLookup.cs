using OmniTools.Errors;
using OmniTools.VideoTasks;

namespace OmniTools.PowerShell.Pipeline;

/// <summary>Finds the tasks that parameters and errors name.</summary>
internal static class TaskLookup
{
    /// <summary>What the ledger, else the provider, knows by this id.</summary>
    public static async Task<VideoTask> FindOrAskAsync(
        this OmniClient client,
        string id,
        string? provider,
        CancellationToken cancellationToken
    ) =>
    client.FindTask(id, provider) ?? await client.GetTaskAsync(id, provider, cancellationToken).ConfigureAwait(false);

    /// <summary>The task that an error is about, in words; null where the ledger does not know it.</summary>
    public static string? DescribeTask(this OmniClient client, OmniException problem, string handle)
    {
        try
        {
            var task = client.FindTask(problem.TaskId ?? problem.RequestKey ?? handle, problem.Provider);
            return task is null ? null : ItemText.Describe(task);
        }
        catch (OmniException)
        {
            return null;
        }
    }
}
