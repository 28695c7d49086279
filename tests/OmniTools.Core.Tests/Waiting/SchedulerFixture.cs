using System.Collections.Concurrent;
using OmniTools.VideoTasks;
using OmniTools.Waiting;

namespace OmniTools.Core.Tests.Waiting;

/// <summary>One poll as it was begun: the time since the start, and the task.</summary>
internal readonly record struct Polled(TimeSpan At, string Id);

/// <summary>
/// A scheduler whose polls are answered by a delegate and recorded. The test moves the clock, which stands still until
/// every poll has been answered or is held by the test.
/// </summary>
internal sealed class SchedulerFixture : IAsyncDisposable
{
    private readonly ConcurrentQueue<Polled> polls = new();
    private readonly ConcurrentDictionary<string, int> counts = new();
    private readonly DateTimeOffset began;
    private readonly CompletionLookup lookup;
    private readonly List<VideoTaskWait> waits = [];
    private int held;
    private int lookups;

    public SchedulerFixture()
    {
        began = Clock.GetUtcNow();
        lookup = new(FindEndedAsync);
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

    /// <summary>How many polls the test holds.</summary>
    public int InFlight => Volatile.Read(ref held);

    /// <summary>How many queries looked up what is known.</summary>
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
        var wait = new VideoTaskWait(Scheduler, lookup, options, Clock);
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

    /// <summary>
    /// Completes when nothing happens until the time moves or the test lets a poll go: each task's loop waits on the
    /// clock, for another poll, or for an answer that the test holds.
    /// </summary>
    public async Task SettleAsync()
    {
        for (var checks = 0; checks < 2; checks = IsSettled() ? checks + 1 : 0)
            await Task.Yield();
    }

    /// <summary>Completes when the test holds no poll any more: all have been let go or cancelled.</summary>
    public async Task ReleaseAsync()
    {
        while (InFlight > 0)
            await Task.Yield();
        await SettleAsync();
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

    private bool IsSettled() => !waits.Exists(wait => wait.IsLookingUp)
        && Clock.Waiting + InFlight + Scheduler.Blocked == Scheduler.Loops;

    private Task<IReadOnlyList<VideoTask?>> FindEndedAsync(IReadOnlyList<VideoTask> tasks)
    {
        Interlocked.Increment(ref lookups);
        return Task.FromResult<IReadOnlyList<VideoTask?>>([.. tasks.Select(Known)]);
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
