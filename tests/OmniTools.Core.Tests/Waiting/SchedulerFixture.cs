using System.Collections.Concurrent;
using OmniTools.VideoTasks;
using OmniTools.Waiting;

namespace OmniTools.Core.Tests.Waiting;

/// <summary>One poll as it was begun: the time since the start, and the task.</summary>
internal readonly record struct Polled(TimeSpan At, string Id);

/// <summary>
/// A scheduler over a delegate that counts, on a clock moved by hand: time stands still until every poll has been
/// answered or is held by the test, so that what happens is the same every time.
/// </summary>
internal sealed class SchedulerFixture : IAsyncDisposable
{
    private readonly ConcurrentQueue<Polled> polls = new();
    private readonly ConcurrentDictionary<string, int> counts = new();
    private readonly DateTimeOffset began;
    private readonly List<VideoTaskWait> waits = [];
    private int held;
    private int lookups;

    public SchedulerFixture()
    {
        began = Clock.GetUtcNow();
        Scheduler = new(Clock, () => Randomizer(), PollAsync, task => Expected(task));
    }

    public TestTimeProvider Clock { get; } = new();

    public PollScheduler Scheduler { get; }

    /// <summary>The answer to a task's n-th poll, from 1. The default is that it is still being made.</summary>
    public Func<VideoTask, int, CancellationToken, Task<VideoTask>> Answer { get; set; } =
        (task, _, _) => Task.FromResult(Working(task));

    public Func<VideoTask, TimeSpan?> Expected { get; set; } =
        task => task.EstimatedSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    public Func<double> Randomizer { get; set; } = () => 0.5;

    /// <summary>What is known without a poll.</summary>
    public Func<VideoTask, VideoTask?> Known { get; set; } = _ => null;

    /// <summary>How often it was looked what is known.</summary>
    public int Lookups => Volatile.Read(ref lookups);

    public IReadOnlyList<Polled> Polls => [.. polls];

    public IReadOnlyList<double> SecondsOf(string id) =>
        [.. polls.Where(poll => poll.Id == id).Select(poll => poll.At.TotalSeconds)];

    /// <summary>The most polls begun in any stretch of a second.</summary>
    public int MostInASecond
    {
        get
        {
            var times = polls.Select(poll => poll.At).Order().ToArray();
            return times.Select(from => times.Count(at => at >= from && at - from < TimeSpan.FromSeconds(1)))
                .DefaultIfEmpty().Max();
        }
    }

    public VideoTask CreateTask(string id, string provider = "toapis", int? estimate = null, TimeSpan age = default) =>
        new()
        {
            Id = id,
            RequestKey = "key-" + id,
            Provider = provider,
            Status = VideoTaskStatus.Queued,
            CreatedAt = Clock.GetUtcNow() - age,
            EstimatedSeconds = estimate,
        };

    public VideoTaskWait Wait(params VideoTask[] tasks) => Wait(new WaitOptions(), tasks);

    public VideoTaskWait Wait(WaitOptions options, params VideoTask[] tasks)
    {
        var wait = new VideoTaskWait(Scheduler, options, Clock, FindEndedAsync);
        waits.Add(wait);
        foreach (var task in tasks)
            wait.Add(task);
        SpinWait.SpinUntil(() => !wait.IsLookingUp);
        return wait;
    }

    /// <summary>Lets time pass, each timer at its own time, all polls answered in between.</summary>
    public async Task PassAsync(double seconds)
    {
        var end = Clock.GetUtcNow() + TimeSpan.FromSeconds(seconds);
        await SettleAsync();
        while (Clock.NextDue is { } next && next <= end)
        {
            Clock.AdvanceTo(next);
            await SettleAsync();
        }
        Clock.AdvanceTo(end);
        await SettleAsync();
    }

    /// <summary>Completes when every poll under way is one that the test holds.</summary>
    public async Task SettleAsync()
    {
        while (waits.Exists(wait => wait.IsLookingUp) || Scheduler.Running > Volatile.Read(ref held))
            await Task.Yield();
    }

    /// <summary>
    /// Completes when no poll is under way any more: those the test held have been let go or cancelled.
    /// </summary>
    public async Task DrainAsync()
    {
        while (Scheduler.Running > 0)
            await Task.Yield();
    }

    /// <summary>Everything a wait reports until it ends.</summary>
    public static async Task<List<VideoTaskChange>> ReadAsync(VideoTaskWait wait)
    {
        var changes = new List<VideoTaskChange>();
        await foreach (var change in wait.ReadAllAsync())
            changes.Add(change);
        return changes;
    }

    /// <summary>Everything a wait has reported, and its end.</summary>
    public static async Task<List<VideoTaskChange>> EndAsync(VideoTaskWait wait)
    {
        await wait.DisposeAsync();
        return await ReadAsync(wait);
    }

    public static VideoTask Working(VideoTask task, int? progress = null) =>
        task with { Status = VideoTaskStatus.InProgress, RawStatus = "in_progress", Progress = progress };

    public static VideoTask Done(VideoTask task) =>
        task with { Status = VideoTaskStatus.Completed, RawStatus = "completed" };

    public ValueTask DisposeAsync() => Scheduler.DisposeAsync();

    private Task<IReadOnlyList<(int Place, VideoTask Task)>> FindEndedAsync(IReadOnlyList<VideoTask> tasks)
    {
        Interlocked.Increment(ref lookups);
        var ended = from place in Enumerable.Range(0, tasks.Count)
                    let known = Known(tasks[place])
                    where known is not null
                    select (place, known);
        return Task.FromResult<IReadOnlyList<(int Place, VideoTask Task)>>([.. ended]);
    }

    private async Task<VideoTask> PollAsync(VideoTask task, CancellationToken cancellationToken)
    {
        polls.Enqueue(new(Clock.GetUtcNow() - began, task.Id!));
        var answer = Answer(task, counts.AddOrUpdate(task.Id!, 1, (_, count) => count + 1), cancellationToken);
        if (answer.IsCompleted)
            return await answer;
        Interlocked.Increment(ref held);
        try
        {
            return await answer;
        }
        finally
        {
            Interlocked.Decrement(ref held);
        }
    }
}
