using System.Globalization;
using OmniTools.VideoTasks;
using OmniTools.Waiting;

namespace OmniTools.Benchmarks.Waiting;

/// <summary>The memory that a wait for 10,000 tasks holds between two polls, without the tasks themselves.</summary>
internal static class WaitingFigures
{
    private const int Tasks = 10_000;

    public static async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        // Once before, so that what is loaded and compiled is not counted.
        await MeasureBytesAsync(10);
        var bytes = await MeasureBytesAsync(Tasks);
        return
        [
            new("memory of one waited-for task", "", bytes / Tasks, "bytes", Most: 2048,
                Note: string.Create(CultureInfo.InvariantCulture, $"{Tasks} tasks at once")),
        ];
    }

    private static async Task<double> MeasureBytesAsync(int count)
    {
        var tasks = Enumerable.Range(0, count).Select(number => new VideoTask
        {
            Id = $"task-{number}",
            RequestKey = $"key-{number}",
            Provider = "toapis",
            Status = VideoTaskStatus.Queued,
            CreatedAt = DateTimeOffset.UtcNow + TimeSpan.FromMinutes(1),
        }).ToArray();
        await using var scheduler = new PollScheduler(TimeProvider.System, () => 0.5,
            (task, _) => Task.FromResult(task), _ => null);
        var lookup = new CompletionLookup(asked =>
            Task.FromResult<IReadOnlyList<VideoTask?>>(new VideoTask?[asked.Count]));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await using var wait = new VideoTaskWait(scheduler, lookup, new(), TimeProvider.System);
        foreach (var task in tasks)
            wait.Add(task);
        while (wait.IsLookingUp)
            await Task.Yield();
        var held = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(tasks);
        return held;
    }
}
