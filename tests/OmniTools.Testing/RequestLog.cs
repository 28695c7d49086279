namespace OmniTools.Testing;

/// <summary>What arrived, and the signals that tests await instead of sleeping.</summary>
internal sealed class RequestLog
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Lock guard = new();
    private readonly List<RecordedRequest> requests = [];
    private readonly List<(Func<RecordedRequest, bool> Predicate, int Count,
        TaskCompletionSource<RecordedRequest> Signal)> watchers = [];

    public IReadOnlyList<RecordedRequest> Snapshot()
    {
        lock (guard)
            return [.. requests];
    }

    public void Add(RecordedRequest request)
    {
        lock (guard)
        {
            requests.Add(request);
            foreach (var watcher in watchers.Where(watcher => requests.Count(watcher.Predicate) >= watcher.Count)
                .ToList())
            {
                watchers.Remove(watcher);
                watcher.Signal.SetResult(request);
            }
        }
    }

    public Task<RecordedRequest> WhenAsync(Func<RecordedRequest, bool> predicate, int count)
    {
        lock (guard)
        {
            var matching = requests.Where(predicate).ToList();
            if (matching.Count >= count)
                return Task.FromResult(matching[count - 1]);
            var signal = new TaskCompletionSource<RecordedRequest>(TaskCreationOptions.RunContinuationsAsynchronously);
            watchers.Add((predicate, count, signal));
            return signal.Task.WaitAsync(Limit);
        }
    }
}
