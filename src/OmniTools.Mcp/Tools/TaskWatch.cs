using OmniTools.Errors;
using OmniTools.Mcp.Answers;
using OmniTools.Mcp.Serving;
using OmniTools.Tasks;
using OmniTools.Waiting;

namespace OmniTools.Mcp.Tools;

/// <summary>One wait for several tasks: what is known of each, what could not be followed, and the progress told meanwhile.</summary>
internal sealed class TaskWatch(ToolCall call, TimeSpan timeout)
{
    private readonly Dictionary<string, VideoTask> tasks = new(StringComparer.Ordinal);
    private readonly List<TaskFailure> failures = [];

    /// <summary>Every task found, in the order asked for, as last seen.</summary>
    public IReadOnlyList<VideoTask> Tasks => [.. tasks.Values];

    public IReadOnlyList<TaskFailure> Failures => failures;

    public OmniException? FirstError { get; private set; }

    public async Task RunAsync(IReadOnlyList<string> ids, string? provider, CancellationToken stop)
    {
        var end = call.Session.Time.GetUtcNow() + timeout;
        using (var patience = new Patience(call.Session.Time, timeout > Patience.OfOneCall || timeout == TimeSpan.Zero ? Patience.OfOneCall : timeout, stop))
            await FindAsync(ids, provider, patience.Token, stop);
        var left = end - call.Session.Time.GetUtcNow();
        if (tasks.Count == 0)
            return;
        await using var wait = call.Client.StartWait(new WaitOptions { Timeout = left > TimeSpan.Zero ? left : TimeSpan.Zero });
        foreach (var task in Tasks)
            wait.Add(task);
        wait.CompleteAdding();
        await FollowAsync(wait, stop);
        foreach (var task in wait.Open)
            tasks[task.RequestKey] = task;
    }

    private async Task FindAsync(IReadOnlyList<string> ids, string? provider, CancellationToken until, CancellationToken stop)
    {
        foreach (var id in ids)
        {
            try
            {
                if (call.Session.Submissions.Find(id) is { } submission)
                    await submission.Answer.WaitAsync(until);
                var task = call.Client.Find(id, provider) ?? await call.Client.GetAsync(id, provider, until);
                tasks[task.RequestKey] = task;
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                if (call.Client.Find(id, provider) is { } task)
                    tasks[task.RequestKey] = task;
                else
                    Fail(id, new(OmniErrorKind.TimedOut, "The provider did not answer in time") { Charged = Charged.Unknown, WasFree = true, WasSent = true, NextStep = "Ask again" });
            }
            catch (OmniException error)
            {
                Fail(id, error);
            }
        }
    }

    private async Task FollowAsync(TaskWait wait, CancellationToken stop)
    {
        var progress = new WaitProgress(call);
        await using var changes = wait.ReadAllAsync(stop).GetAsyncEnumerator(stop);
        var next = changes.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                using var tick = CancellationTokenSource.CreateLinkedTokenSource(stop);
                var pause = Task.Delay(WaitProgress.Heartbeat, call.Session.Time, tick.Token);
                var first = await Task.WhenAny(next, pause);
                await tick.CancelAsync();
                stop.ThrowIfCancellationRequested();
                if (first == next)
                {
                    if (!await next)
                        break;
                    Note(changes.Current);
                    next = changes.MoveNextAsync().AsTask();
                }
                await progress.TellAsync(Tasks, first == next ? null : wait.Open, stop);
            }
        }
        finally
        {
            // An enumerator must not be disposed while it moves: end the wait, and the move ends too.
            if (!next.IsCompleted)
            {
                await wait.DisposeAsync();
                await next.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
    }

    private void Note(TaskChange change)
    {
        tasks[change.Task.RequestKey] = change.Task;
        if (change.Failure is { } error)
            Fail(change.Task.Handle, error);
    }

    private void Fail(string id, OmniException error)
    {
        FirstError ??= error;
        failures.Add(new()
        {
            TaskId = id,
            Kind = AnswerJson.Word(error.Kind.ToString()),
            Message = ToolErrors.Line(error),
            Reason = error.What.TrimEnd('.'),
            Quote = ProviderQuote.Of(error.ProviderCode, error.ProviderMessage),
        });
    }
}
