using System.Runtime.CompilerServices;
using OmniTools.Tasks;

namespace OmniTools.Waiting;

/// <summary>
/// A wait for many tasks, which may be added while it runs. Disposing it ends the wait and nothing else: no task is ever
/// cancelled by it.
/// </summary>
public sealed class TaskWait : IAsyncDisposable
{
    internal TaskWait()
    {
    }

    /// <summary>Every task whose end was not reported yet, as last seen.</summary>
    public IReadOnlyList<VideoTask> Open => throw new NotImplementedException();

    /// <summary>Whether the timeout ended the wait.</summary>
    public bool TimedOut => throw new NotImplementedException();

    /// <summary>Adds a task. One that has ended already is reported at once, without a poll.</summary>
    public void Add(VideoTask task) => throw new NotImplementedException();

    /// <summary>Says that no more tasks come: the wait ends when all have.</summary>
    public void CompleteAdding() => throw new NotImplementedException();

    /// <summary>Every change of every task, each end exactly once; ends when all tasks have, at the timeout, or after the first end where any is enough.</summary>
    public async IAsyncEnumerable<TaskChange> ReadAllAsync([EnumeratorCancellation] CancellationToken stop = default)
    {
        await Task.CompletedTask;
        _ = Open;
        yield break;
    }

    /// <summary>Ends the wait.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
