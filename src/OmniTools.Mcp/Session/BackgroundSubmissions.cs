using System.Collections.Concurrent;
using OmniTools.Requests;
using OmniTools.VideoTasks;

namespace OmniTools.Mcp.Session;

/// <summary>
/// The submissions that run in this server. A submission outlives the call that started it, so a caller that gives up
/// does not interrupt a paid request.
/// </summary>
internal sealed class BackgroundSubmissions(OmniClient client) : IAsyncDisposable
{
    private static readonly TimeSpan LastWrite = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<Submission, bool> running = new();
    private readonly CancellationTokenSource stopping = new();

    public Submission Start(VideoRequest request)
    {
        var submission = new Submission { Key = request.RequestKey };
        submission.Completion = Task.Run(() =>
            client.SubmitAsync(request, new() { OnRecorded = key => submission.Key = key }, stopping.Token));
        running[submission] = true;
        _ = submission.Completion.ContinueWith(
            answered =>
            {
                _ = answered.Exception;
                running.TryRemove(submission, out _);
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return submission;
    }

    /// <summary>The running submission with this request key; null if there is none.</summary>
    public Submission? Find(string requestKey) => running.Keys.FirstOrDefault(each => each.Key == requestKey);

    /// <summary>
    /// Completes when no submission is running. Failures are reported to the calls that started them.
    /// </summary>
    public Task WhenCompletedAsync() =>
        Task.WhenAll(running.Keys.Select(each => (Task)each.Completion))
            .ContinueWith(
                completed => _ = completed.Exception,
                CancellationToken.None,
                TaskContinuationOptions.None,
                TaskScheduler.Default);

    /// <summary>Cancels the running submissions; the ledger keeps them as unknown.</summary>
    public async ValueTask DisposeAsync()
    {
        var completed = WhenCompletedAsync();
        await stopping.CancelAsync();
        await Task.WhenAny(completed, Task.Delay(LastWrite));
        stopping.Dispose();
    }
}

/// <summary>A running submission.</summary>
internal sealed class Submission
{
    private volatile string? key;

    /// <summary>The request key; null until the ledger has recorded the intent.</summary>
    public string? Key
    {
        get => key;
        set => key = value;
    }

    /// <summary>The outcome.</summary>
    public Task<VideoTask> Completion { get; set; } =
        Task.FromException<VideoTask>(new InvalidOperationException("Not started."));
}
