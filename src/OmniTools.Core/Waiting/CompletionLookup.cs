using OmniTools.VideoTasks;

namespace OmniTools.Waiting;

/// <summary>
/// Looks up in the ledger whether tasks have ended already. Tasks that are asked for during one query share the next.
/// <paramref name="findEnded"/> returns for each task how it ended, or null.
/// </summary>
internal sealed class CompletionLookup(Func<IReadOnlyList<VideoTask>, Task<IReadOnlyList<VideoTask?>>> findEnded)
{
    private readonly object gate = new();
    private List<VideoTask> next = [];
    private Task<IReadOnlyList<VideoTask?>> query = Task.FromResult<IReadOnlyList<VideoTask?>>([]);

    /// <summary>How a task ended; null: it is still running, or the ledger cannot be read.</summary>
    public async Task<VideoTask?> FindAsync(VideoTask task)
    {
        int index;
        Task<IReadOnlyList<VideoTask?>> mine;
        lock (gate)
        {
            next.Add(task);
            index = next.Count - 1;
            if (index == 0)
                query = QueryAsync(previous: query);
            mine = query;
        }
        return (await mine)[index];
    }

    private async Task<IReadOnlyList<VideoTask?>> QueryAsync(Task previous)
    {
        await previous.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        List<VideoTask> tasks;
        lock (gate)
            (tasks, next) = (next, []);
        try
        {
            return await findEnded(tasks);
        }
        catch (Exception)
        {
            // The polls meet the same error and report it for their tasks.
            return new VideoTask?[tasks.Count];
        }
    }
}
