using System.Collections.Concurrent;
using OmniTools.Ledger;
using OmniTools.Requests;
using OmniTools.Tasks;

namespace OmniTools.Mcp.Serving;

/// <summary>
/// The submissions this server has under way. Each outlives the call that started it: a caller that gives up must not leave a
/// paid request half sent.
/// </summary>
internal sealed class Submissions(OmniClient client, TimeProvider time) : IAsyncDisposable
{
    /// <summary>What a submission under way is given when the server ends, before it is cancelled and left to the ledger as unknown.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(600);

    private static readonly TimeSpan LastWrite = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<Submission, bool> running = new();
    private readonly CancellationTokenSource stop = new();

    public Submission Start(VideoRequest request)
    {
        var submission = new Submission(request, time.GetUtcNow(), Task.Run(() => client.SubmitAsync(request, null, stop.Token)));
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

    /// <summary>The request key of a submission under way, once the ledger holds its intent; null before.</summary>
    public string? KeyOf(Submission submission) =>
        submission.Request.RequestKey ?? client
            .List(new TaskQuery { Statuses = [VideoTaskStatus.Submitting, VideoTaskStatus.Unknown] })
            .TakeWhile(task => task.CreatedAt >= submission.Started.AddSeconds(-1))
            .LastOrDefault(task => task.Prompt == submission.Request.Prompt)?.RequestKey;

    /// <summary>The submission under way that has this request key; null when there is none.</summary>
    public Submission? Find(string requestKey) => running.Keys.FirstOrDefault(each => KeyOf(each) == requestKey);

    /// <summary>Lets what is under way finish for a moment, then cancels it.</summary>
    public async ValueTask DisposeAsync()
    {
        var answers = running.Keys.Select(each => (Task)each.Answer).ToList();
        if (answers.Count > 0)
            await Task.WhenAny(Task.WhenAll(answers), Task.Delay(Grace));
        await stop.CancelAsync();
        await Task.WhenAny(Task.WhenAll(answers), Task.Delay(LastWrite));
        stop.Dispose();
    }
}

/// <summary>One submission under way.</summary>
/// <param name="Request">What was asked.</param>
/// <param name="Started">When.</param>
/// <param name="Answer">Its outcome.</param>
internal sealed record Submission(VideoRequest Request, DateTimeOffset Started, Task<VideoTask> Answer);
