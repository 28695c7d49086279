using OmniTools.VideoTasks;

namespace OmniTools.Waiting;

/// <summary>
/// A task that was added to a wait. <paramref name="Flow"/> is that of the call which added it: trace listeners of that
/// call hear of its polls.
/// </summary>
internal sealed record AddedVideoTask(string Key, VideoTask Task, ExecutionContext? Flow);

/// <summary>Those of the tasks that the ledger knows to have ended, each with its place among them.</summary>
internal delegate Task<IReadOnlyList<(int Place, VideoTask Task)>> FindEndedVideoTasks(IReadOnlyList<VideoTask> tasks);

/// <summary>
/// Looks up whether tasks have ended already, on a thread of the pool: all that were added during one query together in
/// the next.
/// <paramref name="findEnded"/> returns those that have, each with its place; <paramref name="report"/> is called once
/// for every task,
/// with null when it goes on or the ledger cannot be asked.
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
                // The polls meet the same trouble and report it, each as its task's.
            }
            for (var place = 0; place < batch.Count; place++)
            {
                if (!isReported[place])
                    report(batch[place], null);
            }
        }
    }
}
