using OmniTools.Sandbox.Storage;
using OmniTools.VideoTasks;

namespace OmniTools.Testing;

/// <summary>
/// The tasks of a loopback provider, in memory. They progress when a test says so, or with each read.
/// </summary>
internal sealed class LoopbackTasks(LoopbackProvider server, TimeProvider timeProvider) : ISandboxTaskStore
{
    private readonly Lock guard = new();
    private readonly List<LoopbackTask> tasks = [];

    public IReadOnlyList<LoopbackTask> Snapshot()
    {
        lock (guard)
            return [.. tasks];
    }

    public SandboxTask? Find(string id) =>
        FindTask(id) is { } task && timeProvider.GetUtcNow() - task.CreatedAt >= server.ReadLag ? task : null;

    public SandboxTask? FindSubmitted(string id) => server.HonoursKeys ? FindTask(id) : null;

    public (SandboxTask Task, bool IsNew) Add(SandboxTask task)
    {
        lock (guard)
        {
            var earlier = FindTask(task.Id);
            if (earlier is not null && server.HonoursKeys)
                return (earlier, false);
            var added = task with { Id = earlier is null ? task.Id : $"{task.Id}{tasks.Count}", Cost = 1.0m };
            tasks.Add(new(added));
            return (added, true);
        }
    }

    public bool IsFirst(string id) => true;

    public SandboxTaskState GetState(SandboxTask sandboxTask, DateTimeOffset now)
    {
        lock (guard)
        {
            var task = tasks.First(each => each.Id == sandboxTask.Id);
            task.Polls++;
            if (!task.IsScripted && task.State.Status != VideoTaskStatus.Completed
                && server.PollsUntilDone is { } polls)
            {
                if (task.Polls >= polls)
                    Complete(task, null);
                else
                    task.State = new(VideoTaskStatus.InProgress) { Progress = 100 * task.Polls / polls };
            }
            return task.State;
        }
    }

    /// <summary>Changes a task, by id or key, which then no longer progresses by being asked for.</summary>
    public void Script(string id, Action<LoopbackTask> change)
    {
        lock (guard)
        {
            var task = tasks.First(task => task.Id == id || task.Key == id);
            task.IsScripted = true;
            change(task);
        }
    }

    public void Complete(LoopbackTask task, IReadOnlyList<string>? urls)
    {
        var now = timeProvider.GetUtcNow();
        task.State = new(VideoTaskStatus.Completed)
        {
            Progress = 100,
            CompletedAt = now,
            ExpiresAt = now.AddHours(24),
            Urls = urls ?? [server.Serve(task.Id + ".mp4", Mp4Sample.Bytes(mark: task.Id))],
        };
    }

    private SandboxTask? FindTask(string id)
    {
        lock (guard)
            return tasks.Find(task => task.Id == id)?.Task;
    }
}
