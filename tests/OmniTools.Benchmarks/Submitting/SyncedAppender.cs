using Microsoft.Win32.SafeHandles;

namespace OmniTools.Benchmarks.Submitting;

/// <summary>
/// The least that puts lines on disk for several callers: those that wait at the same time share one write and one
/// sync.
/// </summary>
internal sealed class SyncedAppender(string path) : IDisposable
{
    private readonly object gate = new();
    private readonly SafeFileHandle file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
    private List<(byte[] Line, TaskCompletionSource Done)> waiting = [];
    private bool isDraining;
    private long end;

    public Task AppendAsync(byte[] line)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            waiting.Add((line, done));
            if (isDraining)
                return done.Task;
            isDraining = true;
        }
        _ = Task.Run(Drain);
        return done.Task;
    }

    public void Dispose() => file.Dispose();

    private void Drain()
    {
        while (true)
        {
            List<(byte[] Line, TaskCompletionSource Done)> batch;
            lock (gate)
            {
                if (waiting.Count == 0)
                {
                    isDraining = false;
                    return;
                }
                (batch, waiting) = (waiting, []);
            }
            foreach (var (line, _) in batch)
            {
                RandomAccess.Write(file, line, end);
                end += line.Length;
            }
            RandomAccess.FlushToDisk(file);
            foreach (var (_, done) in batch)
                done.SetResult();
        }
    }
}
