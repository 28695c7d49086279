using OmniTools.Mcp.Protocol;
using OmniTools.Waiting;

namespace OmniTools.Mcp.Tools;

/// <summary>Waits for several tasks: collects their states and failures, and reports progress meanwhile.</summary>
internal sealed class VideoTaskFollower(ToolCall call, TimeSpan timeout)
{
    private readonly Dictionary<string, VideoTask> tasks = new(StringComparer.Ordinal);
    private readonly List<(string Id, OmniException Error)> failures = [];

    /// <summary>The last known state of every task found, in the order of the ids.</summary>
    public IReadOnlyList<VideoTask> Tasks => [.. tasks.Values];

    public IReadOnlyList<(string Id, OmniException Error)> Failures => failures;

    public async Task RunAsync(IReadOnlyList<string> ids, string? provider, CancellationToken cancellationToken)
    {
        var end = call.Session.TimeProvider.GetUtcNow() + timeout;
        await FindAsync(ids, provider, cancellationToken);
        var left = end - call.Session.TimeProvider.GetUtcNow();
        if (tasks.Count == 0)
            return;
        await using var wait = call.Client.StartWaiting(
            new WaitOptions { Timeout = left > TimeSpan.Zero ? left : TimeSpan.Zero });
        foreach (var task in Tasks)
            wait.Add(task);
        wait.CompleteAdding();
        await FollowAsync(wait, cancellationToken);
        foreach (var task in wait.Open)
            tasks[task.RequestKey] = task;
    }

    private async Task FindAsync(IReadOnlyList<string> ids, string? provider, CancellationToken cancellationToken)
    {
        var limit = timeout > ToolCall.Timeout || timeout == TimeSpan.Zero ? ToolCall.Timeout : timeout;
        using var timer = new CancellationTokenSource(limit, call.Session.TimeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        var until = linked.Token;
        foreach (var id in ids)
        {
            try
            {
                if (call.Session.Submissions.Find(id) is { } submission)
                    await submission.Completion.WaitAsync(until);
                var task = await call.Client.FindTaskAsync(id, provider, until)
                    ?? await call.Client.GetTaskAsync(id, provider, until);
                tasks[task.RequestKey] = task;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                if (await call.Client.FindTaskAsync(id, provider, cancellationToken) is { } task)
                    tasks[task.RequestKey] = task;
                else
                    failures.Add((id, new(OmniErrorKind.TimedOut, "The provider did not answer in time", new()
                    {
                        Charged = Charged.Unknown,
                        WasFree = true,
                        WasSent = true,
                        NextStep = "Ask again",
                    })));
            }
            catch (OmniException error)
            {
                failures.Add((id, error));
            }
        }
    }

    private async Task FollowAsync(VideoTaskWait wait, CancellationToken cancellationToken)
    {
        var progress = new WaitProgressReporter(call);
        await using var changes = wait.ReadAllAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        var next = changes.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                using var tick = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                var pause = Task.Delay(WaitProgressReporter.Heartbeat, call.Session.TimeProvider, tick.Token);
                var first = await Task.WhenAny(next, pause);
                await tick.CancelAsync();
                cancellationToken.ThrowIfCancellationRequested();
                if (first == next)
                {
                    if (!await next)
                        break;
                    Record(changes.Current);
                    next = changes.MoveNextAsync().AsTask();
                }
                await progress.ReportAsync(Tasks, first == next ? null : wait.Open, cancellationToken);
            }
        }
        finally
        {
            // An enumerator must not be disposed during MoveNextAsync; disposing the wait completes it.
            if (!next.IsCompleted)
            {
                await wait.DisposeAsync();
                await next.ContinueWith(
                    _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
    }

    private void Record(VideoTaskChange change)
    {
        tasks[change.Task.RequestKey] = change.Task;
        if (change.Failure is { } error)
            failures.Add((change.Task.Reference, error));
    }
}
