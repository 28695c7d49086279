using System.Collections.Concurrent;
using OmniTools.Requests;
using OmniTools.VideoTasks;

namespace OmniTools.Mcp.Serving;

/// <summary>
/// The submissions this server has under way. Each outlives the call that started it: a caller that gives up must not leave a
/// paid request half sent.
/// </summary>
internal sealed class Submissions(OmniClient client) : IAsyncDisposable
{
    private static readonly TimeSpan LastWrite = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<Submission, bool> running = new();
    private readonly CancellationTokenSource stop = new();

    public Submission Start(VideoRequest request)
    {
        var submission = new Submission { Key = request.RequestKey };
        submission.Answer = Task.Run(() => client.SubmitAsync(request, new() { OnRecorded = key => submission.Key = key }, stop.Token));
        running[submission] = true;
        _ = submission.Answer.ContinueWith(
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
    public Task FinishAsync(TimeSpan patience) => Task.WhenAny(Answers(), Task.Delay(patience > TimeSpan.Zero ? patience : TimeSpan.Zero));

    /// <summary>Cancels what is under way, which leaves it to the ledger as unknown.</summary>
    public async ValueTask DisposeAsync()
    {
        var answers = Answers();
        await stop.CancelAsync();
        await Task.WhenAny(answers, Task.Delay(LastWrite));
        stop.Dispose();
    }

    private Task Answers() => Task.WhenAll(running.Keys.Select(each => (Task)each.Answer));
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
    public Task<VideoTask> Answer { get; set; } = Task.FromException<VideoTask>(new InvalidOperationException("Not started."));
}
