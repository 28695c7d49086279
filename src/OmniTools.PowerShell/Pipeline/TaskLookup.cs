namespace OmniTools.PowerShell.Pipeline;

/// <summary>Finds the tasks that parameters and errors name.</summary>
internal static class TaskLookup
{
    /// <summary>What the ledger, else the provider, knows by this id.</summary>
    public static async Task<VideoTask> FindOrAskAsync(
        this OmniClient client, string id, string? provider, CancellationToken cancellationToken) =>
        await client.FindTaskAsync(id, provider, cancellationToken).ConfigureAwait(false)
            ?? await client.GetTaskAsync(id, provider, cancellationToken).ConfigureAwait(false);

    /// <summary>The task that an error is about, in words; null where the ledger does not know it.</summary>
    public static async Task<string?> DescribeTaskAsync(this OmniClient client, OmniException problem, string handle)
    {
        try
        {
            var task = await client
                .FindTaskAsync(problem.TaskId ?? problem.RequestKey ?? handle, problem.Provider).ConfigureAwait(false);
            return task is null ? null : ItemText.Describe(task);
        }
        catch (OmniException)
        {
            return null;
        }
    }
}
