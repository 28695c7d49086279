using OmniTools.Diagnostics;
using OmniTools.Errors;
using OmniTools.VideoTasks;

namespace OmniTools.Waiting;

/// <summary>
/// Polls the tasks that are waited for, each once for all its waits: one queue per provider, one timer, no thread.
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
    private readonly Dictionary<(string Provider, bool IsSandbox), ProviderPollQueue> queues = [];
    private readonly HashSet<VideoTaskWait> waits = [];
    private readonly TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long began = timeProvider.GetTimestamp();
    private ITimer? timer;
    private int running;
    private bool disposed;

    // Monotonic: neither a corrected wall clock nor a laptop that slept can put a poll hours away.
    private long Now => timeProvider.GetElapsedTime(began).Ticks;

    /// <summary>Polls under way.</summary>
    public int Running { get { lock (gate) return running; } }

    /// <summary>Begins a wait, which ends with the scheduler at the latest.</summary>
    public void Join(VideoTaskWait wait)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, typeof(PollScheduler));
            waits.Add(wait);
        }
    }

    /// <summary>Follows a task for a wait, and reports its latest state if another wait follows it already.</summary>
    public void Follow(AddedVideoTask added, VideoTaskWait wait)
    {
        var task = added.Task;
        lock (gate)
        {
            // Disposal is ending every wait.
            if (disposed)
                return;
            if (followed.TryGetValue(added.Key, out var present))
            {
                present.Followers = [.. present.Followers, wait];
                // Still under the lock: a poll that ends now cannot report before.
                wait.Report(added.Key, new(present.Task));
                return;
            }
            var lane = (task.Provider, task.IsSandbox);
            if (!queues.TryGetValue(lane, out var polls))
                queues[lane] = polls = new(mostInFlight,
                    task.IsSandbox ? TimeSpan.Zero : TimeSpan.FromSeconds(1) / mostPerSecond);
            var begun = followed[added.Key] = new(added, polls, wait);
            Enqueue(begun, PollIntervalPolicy.GetFirstDelay(task, GetAge(task)));
        }
        Pump();
    }

    /// <summary>Ends a wait and the following of its remaining tasks.</summary>
    public void Leave(IEnumerable<string> keys, VideoTaskWait wait)
    {
        lock (gate)
            waits.Remove(wait);
        Unfollow(keys, wait);
    }

    /// <summary>
    /// Ends the following of tasks for a wait. A poll without a wait is cancelled; the tasks go on.
    /// </summary>
    public void Unfollow(IEnumerable<string> keys, VideoTaskWait wait)
    {
        var idle = new List<CancellationTokenSource>();
        lock (gate)
        {
            foreach (var key in keys)
            {
                if (!followed.TryGetValue(key, out var task))
                    continue;
                task.Followers = Array.FindAll(task.Followers, follower => follower != wait);
                if (task.Followers.Length > 0)
                    continue;
                followed.Remove(key);
                if (task.InFlight is { } inFlight)
                    idle.Add(inFlight);
            }
        }
        idle.ForEach(poll => poll.Cancel());
    }

    /// <summary>Ends every wait and waits for the polls under way to notice.</summary>
    public async ValueTask DisposeAsync()
    {
        VideoTaskWait[] left;
        lock (gate)
        {
            if (disposed)
                return;
            disposed = true;
            timer?.Dispose();
            left = [.. waits];
            if (running == 0)
                drained.TrySetResult();
        }
        foreach (var wait in left)
            await wait.DisposeAsync();
        await drained.Task;
    }

    // Begins the polls that may begin and sets the timer for the others.
    private void Pump()
    {
        lock (gate)
        {
            if (disposed)
                return;
            var now = Now;
            foreach (var lane in queues.Values)
            {
                while (lane.Take(now) is { } task)
                {
                    running++;
                    task.InFlight = new();
                    ThreadPool.UnsafeQueueUserWorkItem(Begin, task, preferLocal: false);
                }
            }
            var next = queues.Values.Min(lane => lane.NextAt);
            var delay = next is { } at
                ? TimeSpan.FromMilliseconds(Math.Ceiling(TimeSpan.FromTicks(Math.Max(0, at - now)).TotalMilliseconds))
                : Timeout.InfiniteTimeSpan;
            if (timer is null)
            {
                using (ExecutionContext.SuppressFlow())
                    timer = timeProvider.CreateTimer(_ => Pump(), null, delay, Timeout.InfiniteTimeSpan);
            }
            else
            {
                timer.Change(delay, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Begin(FollowedVideoTask task)
    {
        if (task.Flow is { } flow)
            ExecutionContext.Run(flow, _ => _ = PollAsync(task), null);
        else
            _ = PollAsync(task);
    }

    private async Task PollAsync(FollowedVideoTask task)
    {
        var seen = task.Task;
        var failures = 0;
        OmniException? failure = null, end = null;
        try
        {
            seen = await poll(seen, task.InFlight!.Token);
            if (OmniTrace.IsOn)
            {
                var progress = seen.Progress is { } percent ? $" {percent} %" : "";
                OmniTrace.Verbose(
                    $"{seen.Provider} {seen.Reference}: {seen.RawStatus ?? seen.Status.ToWireName()}{progress}");
            }
        }
        catch (OperationCanceledException)
        {
            failures = task.Failures + 1;
        }
        catch (OmniException passing)
            when (passing.Kind is OmniErrorKind.RateLimited or OmniErrorKind.ProviderUnavailable
            or OmniErrorKind.TimedOut)
        {
            failures = task.Failures + 1;
            failure = passing;
            OmniTrace.Verbose($"{seen.Provider} {seen.Reference}: {passing.Summary}; the wait goes on");
        }
        catch (OmniException final)
        {
            end = final.ForTask(seen);
        }
        catch (Exception unexpected)
        {
            end = new OmniException(OmniErrorKind.ProviderUnavailable,
                "The task cannot be followed: " + ProviderText.Clean(unexpected.Message), new()
                {
                    NextStep = "Ask for the task again; it goes on meanwhile",
                }, unexpected).ForTask(seen);
        }
        Finish(task, seen, failures, failure?.RetryAt, end);
    }

    private void Finish(FollowedVideoTask task, VideoTask seen, int failures, DateTimeOffset? retryAt,
        OmniException? end)
    {
        var isLast = end is not null || seen.Status.IsTerminal();
        VideoTaskWait[] followers;
        lock (gate)
        {
            task.Queue.Release();
            // Not disposed: a wait that ends now may be about to cancel it, and it holds nothing.
            task.InFlight = null;
            task.Task = seen;
            task.Failures = failures;
            if (retryAt is { } at)
                task.Queue.Pause(
                    Now + Math.Clamp((at - timeProvider.GetUtcNow()).Ticks, 0, WaitingConstants.LongestPause.Ticks));
            followers = task.Followers;
            if (isLast && followed.GetValueOrDefault(task.Key) == task)
                followed.Remove(task.Key);
        }
        foreach (var wait in followers)
            wait.Report(task.Key, new(seen, end));
        lock (gate)
        {
            // Only after the report: the next poll of this task cannot overtake it.
            if (!isLast && task.Followers.Length > 0)
                Enqueue(task,
                    PollIntervalPolicy.GetInterval(seen, GetAge(seen), expectedDuration(seen), failures, random()));
            if (--running == 0 && disposed)
                drained.TrySetResult();
            Pump();
        }
    }

    private void Enqueue(FollowedVideoTask task, TimeSpan delay)
    {
        var due = Now + delay.Ticks;
        task.Deadline =
            due + PollIntervalPolicy.GetMaximumDeferral(GetAge(task.Task) + delay, expectedDuration(task.Task)).Ticks;
        task.Queue.Add(task, due);
    }

    private TimeSpan GetAge(VideoTask task) =>
        TimeSpan.FromTicks(Math.Max(0, (timeProvider.GetUtcNow() - task.CreatedAt).Ticks));
}
