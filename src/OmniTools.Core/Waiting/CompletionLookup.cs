using OmniTools.VideoTasks;

namespace OmniTools.Waiting;

/// <summary>
/// A task that was added to a wait. <paramref name="Flow"/> is the context of the call that added it, so that trace
/// listeners of that call receive the lines of its polls.
/// </summary>
internal sealed record AddedVideoTask(string Key, VideoTask Task, ExecutionContext? Flow);

/// <summary>Finds the tasks that have ended by the ledger, each with its index in the list.</summary>
internal delegate Task<IReadOnlyList<(int Place, VideoTask Task)>> FindEndedVideoTasks(IReadOnlyList<VideoTask> tasks);

/// <summary>
/// Looks up in the ledger, on the thread pool, whether tasks have ended already. Tasks that are added during one query
/// are looked up together in the next. <paramref name="report"/> is called once for every task, with null when it is
/// still running or the ledger cannot be read.
/// </summary>
internal sealed class CompletionLookup(FindEndedVideoTasks findEnded, Action<AddedVideoTask, VideoTask?> report)
{
    private readonly object gate = new();
    private List<AddedVideoTask> waiting = [];
    private bool isRunning;

    /// <summary>Has a task looked up.</summary>
    public void Enqueue(AddedVideoTask task)
    {
        lock (gate)
        {
            waiting.Add(task);
            if (isRunning)
                return;
            isRunning = true;
        }
        ThreadPool.UnsafeQueueUserWorkItem(static self => _ = self.RunAsync(), this, preferLocal: false);
    }

    private async Task RunAsync()
    {
        while (true)
        {
            List<AddedVideoTask> batch;
            lock (gate)
            {
                if (waiting.Count == 0)
                {
                    isRunning = false;
                    return;
                }
                (batch, waiting) = (waiting, []);
            }
            var isReported = new bool[batch.Count];
            try
            {
                foreach (var (place, task) in await findEnded([.. batch.Select(added => added.Task)]))
                {
                    isReported[place] = true;
                    report(batch[place], task);
                }
            }
            catch (Exception)
            {
                // The polls meet the same error and report it for their tasks.
            }
            for (var place = 0; place < batch.Count; place++)
            {
                if (!isReported[place])
                    report(batch[place], null);
            }
        }
    }
}
