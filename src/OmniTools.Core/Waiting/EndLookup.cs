using OmniTools.Tasks;

namespace OmniTools.Waiting;

/// <summary>A task that was added to a wait. <paramref name="Flow"/> is that of the call which added it: trace listeners of that call hear of its polls.</summary>
internal sealed record AddedTask(string Key, VideoTask Task, ExecutionContext? Flow);

/// <summary>
/// Looks up whether tasks have ended already, on a thread of the pool: all that were added during one look together in the next,
/// for a look each would read the ledger as often as there are tasks. <paramref name="ended"/> gives those that have, each with
/// its place; <paramref name="tell"/> is called once for every task, with null when it goes on or nobody can say.
/// </summary>
internal sealed class EndLookup(Func<IReadOnlyList<VideoTask>, IEnumerable<(int Place, VideoTask Task)>> ended, Action<AddedTask, VideoTask?> tell)
{
    private readonly object gate = new();
    private List<AddedTask> waiting = [];
    private bool isLooking;

    /// <summary>Has a task looked up.</summary>
    public void Ask(AddedTask task)
    {
        lock (gate)
        {
            waiting.Add(task);
            if (isLooking)
                return;
            isLooking = true;
        }
        ThreadPool.UnsafeQueueUserWorkItem(static self => self.Look(), this, preferLocal: false);
    }

    private void Look()
    {
        while (true)
        {
            List<AddedTask> batch;
            lock (gate)
            {
                if (waiting.Count == 0)
                {
                    isLooking = false;
                    return;
                }
                (batch, waiting) = (waiting, []);
            }
            var isTold = new bool[batch.Count];
            try
            {
                foreach (var (place, task) in ended([.. batch.Select(added => added.Task)]))
                {
                    isTold[place] = true;
                    tell(batch[place], task);
                }
            }
            catch (Exception)
            {
                // The polls meet the same trouble and report it, each as its task's.
            }
            for (var place = 0; place < batch.Count; place++)
            {
                if (!isTold[place])
                    tell(batch[place], null);
            }
        }
    }
}
