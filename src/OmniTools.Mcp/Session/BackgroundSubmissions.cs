using System.Collections.Concurrent;
using OmniTools.Requests;
using OmniTools.VideoTasks;

namespace OmniTools.Mcp.Session;

/// <summary>
/// The submissions this server has under way. Each outlives the call that started it: a caller that gives up must not leave a
/// paid request half sent.
/// </summary>
internal sealed class BackgroundSubmissions(OmniClient client) : IAsyncDisposable
{
    private static readonly TimeSpan LastWrite = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<Submission, bool> running = new();
    private readonly CancellationTokenSource stopping = new();

    public Submission Start(VideoRequest request)
    {
        var submission = new Submission { Key = request.RequestKey };
        submission.Completion = Task.Run(() => client.SubmitAsync(request, new() { OnRecorded = key => submission.Key = key }, stopping.Token));
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

    /// <summary>The submission under way that has this request key; null when there is none.</summary>
    public Submission? Find(string requestKey) => running.Keys.FirstOrDefault(each => each.Key == requestKey);

    /// <summary>Completes when nothing is under way, or after <paramref name="patience"/>.</summary>
    public Task FinishAsync(TimeSpan patience) => Task.WhenAny(Completions(), Task.Delay(patience > TimeSpan.Zero ? patience : TimeSpan.Zero));

    /// <summary>Cancels what is under way, which leaves it to the ledger as unknown.</summary>
    public async ValueTask DisposeAsync()
    {
        var answers = Completions();
        await stopping.CancelAsync();
        await Task.WhenAny(answers, Task.Delay(LastWrite));
        stopping.Dispose();
    }

    private Task Completions() => Task.WhenAll(running.Keys.Select(each => (Task)each.Completion));
}

/// <summary>One submission under way.</summary>
internal sealed class Submission
{
    private volatile string? key;

    /// <summary>Its request key, once the ledger holds the intent; null before.</summary>
    public string? Key
    {
        get => key;
        set => key = value;
    }

    /// <summary>Its outcome.</summary>
    public Task<VideoTask> Completion { get; set; } = Task.FromException<VideoTask>(new InvalidOperationException("Not started."));
}
