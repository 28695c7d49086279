using OmniTools.Diagnostics;
using OmniTools.Errors;
using OmniTools.VideoTasks;

namespace OmniTools.Waiting;

/// <summary>
/// Polls the tasks that are waited for, each once for all its waits: one loop per task, one limiter per provider.
/// <paramref name="poll"/> asks the provider and records the response.
/// </summary>
internal sealed class PollScheduler(
    TimeProvider timeProvider,
    Func<double> random,
    Func<VideoTask, CancellationToken, Task<VideoTask>> poll,
    Func<VideoTask, TimeSpan?> expectedDuration,
    int mostInFlight = WaitingConstants.MaximumInFlight,
    int mostPerSecond = WaitingConstants.MaximumPerSecond) : IAsyncDisposable
{
    private readonly object gate = new();
    private readonly Dictionary<string, FollowedVideoTask> followed = [];
    private readonly Dictionary<(string Provider, bool IsSandbox), ProviderPollLimiter> limiters = [];
    private readonly CancellationTokenSource disposal = new();
    private readonly TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int loops;

    /// <summary>Cancelled when the scheduler is disposed.</summary>
    public CancellationToken Disposal => disposal.Token;

    /// <summary>How many tasks are polled or wait for their next poll.</summary>
    public int Loops { get { lock (gate) return loops; } }

    /// <summary>How many polls are due and wait for another poll of their provider to end.</summary>
    public int Blocked { get { lock (gate) return limiters.Values.Sum(limiter => limiter.Blocked); } }

    /// <summary>Follows a task for a wait; reports its latest state if another wait follows it already.</summary>
    public void Follow(string key, VideoTask task, VideoTaskWait wait)
    {
        FollowedVideoTask begun;
        ProviderPollLimiter? limiter;
        lock (gate)
        {
            if (wait.HasEnded)
                return;
            if (followed.TryGetValue(key, out var present))
            {
                present.Waits.Add(wait);
                // Still under the lock: a poll that ends now cannot report before.
                wait.Report(key, new(present.Task));
                return;
            }
            followed[key] = begun = new(task) { Waits = { wait } };
            var provider = (task.Provider, task.IsSandbox);
            if (!limiters.TryGetValue(provider, out limiter))
                limiters[provider] = limiter = new(timeProvider, mostInFlight,
                    task.IsSandbox ? TimeSpan.Zero : TimeSpan.FromSeconds(1) / mostPerSecond);
            loops++;
        }
        // On another thread, in the context of the call that added the task: its trace subscribers see the polls.
        _ = Task.Run(() => PollUntilEndAsync(key, begun, limiter));
    }

    /// <summary>Ends the following of tasks for a wait that has ended. The tasks go on at their providers.</summary>
    public void Leave(IEnumerable<string> keys, VideoTaskWait wait)
    {
        var unfollowed = new List<FollowedVideoTask>();
        lock (gate)
        {
            foreach (var key in keys)
            {
                if (followed.TryGetValue(key, out var task) && task.Waits.Remove(wait) && task.Waits.Count == 0)
                {
                    followed.Remove(key);
                    unfollowed.Add(task);
                }
            }
        }
        unfollowed.ForEach(task => task.Unfollowed.Cancel());
    }

    /// <summary>Ends every wait, and waits until the polls under way have noticed.</summary>
    public async ValueTask DisposeAsync()
    {
        await disposal.CancelAsync();
        lock (gate)
        {
            if (loops == 0)
                drained.TrySetResult();
        }
        await drained.Task;
        foreach (var limiter in limiters.Values)
            limiter.Dispose();
    }

    private async Task PollUntilEndAsync(string key, FollowedVideoTask task, ProviderPollLimiter limiter)
    {
        var cancellationToken = task.Unfollowed.Token;
        try
        {
            var delay = PollIntervalPolicy.GetFirstDelay(task.Task, timeProvider.GetUtcNow());
            for (var failures = 0; ;)
            {
                await Task.Delay(delay, timeProvider, cancellationToken);
                var (change, hasFailed) = await limiter.RunAsync(
                    () => PollAsync(task.Task, limiter, cancellationToken), cancellationToken);
                Report(key, task, change);
                if (change.IsLast)
                    break;
                failures = hasFailed ? failures + 1 : 0;
                delay = PollIntervalPolicy.GetInterval(change.Task, timeProvider.GetUtcNow(),
                    expectedDuration(change.Task), failures, random());
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // No wait follows the task any more.
        }
        finally
        {
            lock (gate)
            {
                if (--loops == 0 && disposal.IsCancellationRequested)
                    drained.TrySetResult();
            }
        }
    }

    // After a failure that may pass the task is unchanged, and polled again.
    private async Task<(VideoTaskChange Change, bool HasFailed)> PollAsync(
        VideoTask task, ProviderPollLimiter limiter, CancellationToken cancellationToken)
    {
        try
        {
            var seen = await poll(task, cancellationToken);
            var progress = seen.Progress is { } percent ? $" {percent} %" : "";
            OmniTrace.Verbose(
                $"{seen.Provider} {seen.Reference}: {seen.RawStatus ?? seen.Status.ToWireName()}{progress}");
            return (new(seen), false);
        }
        catch (OmniException passing) when (passing.Kind is OmniErrorKind.RateLimited
            or OmniErrorKind.ProviderUnavailable or OmniErrorKind.TimedOut)
        {
            OmniTrace.Verbose($"{task.Provider} {task.Reference}: {passing.Summary}; the wait goes on");
            if (passing.RetryAt is { } retryAt)
                limiter.Pause(PollIntervalPolicy.GetPause(retryAt - timeProvider.GetUtcNow()));
            return (new(task), true);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            var final = failure as OmniException ?? new OmniException(OmniErrorKind.ProviderUnavailable,
                "The task cannot be followed: " + ProviderText.Clean(failure.Message),
                new() { NextStep = "Ask for the task again; it goes on meanwhile" }, failure);
            return (new(task, final.ForTask(task)), false);
        }
    }

    private void Report(string key, FollowedVideoTask task, VideoTaskChange change)
    {
        VideoTaskWait[] waits;
        lock (gate)
        {
            task.Task = change.Task;
            waits = [.. task.Waits];
            if (change.IsLast && waits.Length > 0)
                followed.Remove(key);
        }
        foreach (var wait in waits)
            wait.Report(key, change);
    }

    // Guarded by the lock, except for the token.
    private sealed class FollowedVideoTask(VideoTask task)
    {
        /// <summary>As last seen.</summary>
        public VideoTask Task { get; set; } = task;

        /// <summary>The waits to report to. When the last one leaves, the task is forgotten.</summary>
        public List<VideoTaskWait> Waits { get; } = new(1);

        /// <summary>Cancelled when the last wait leaves. Not disposed: it holds nothing.</summary>
        public CancellationTokenSource Unfollowed { get; } = new();
    }
}
