using System.Collections.Concurrent;
using OmniTools.Requests;

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
        _ = RemoveWhenCompletedAsync(submission);
        return submission;
    }

    /// <summary>The running submission with this request key; null if there is none.</summary>
    public Submission? Find(string requestKey) => running.Keys.FirstOrDefault(each => each.Key == requestKey);

    /// <summary>Completes when no submission is running, with the failure of any.</summary>
    public Task WhenCompletedAsync() => Task.WhenAll(running.Keys.Select(each => each.Completion));

    /// <summary>Cancels the running submissions; the ledger keeps them as unknown.</summary>
    public async ValueTask DisposeAsync()
    {
        var completed = WhenCompletedAsync();
        await stopping.CancelAsync();
        await Task.WhenAny(completed, Task.Delay(LastWrite));
        stopping.Dispose();
    }

    // A failure is reported by the call that started the submission.
    private async Task RemoveWhenCompletedAsync(Submission submission)
    {
        await ((Task)submission.Completion).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        running.TryRemove(submission, out _);
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
