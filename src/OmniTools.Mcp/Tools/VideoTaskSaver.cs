using OmniTools.Mcp.Protocol;
using OmniTools.Mcp.Results;
using OmniTools.Saving;

namespace OmniTools.Mcp.Tools;

/// <summary>Saves the videos of several tasks, four at a time, and collects the failures.</summary>
internal sealed class VideoTaskSaver(ToolCall call, SaveOptions options)
{
    private const int AtOnce = 4;
    private const string Completed = "status completed";

    /// <summary>One task that could not be saved, and what was being done.</summary>
    public sealed record Failure(string Id, OmniException Error, string Step)
    {
        /// <summary>Whether its generation still runs.</summary>
        public bool IsRunning => Error.Allowed == Completed && Error.Kind == OmniErrorKind.InvalidRequest;

        /// <summary>Whether the same save can succeed later.</summary>
        public bool CanRepeat => IsRunning
            || Error.Kind is OmniErrorKind.TimedOut or OmniErrorKind.ProviderUnavailable or OmniErrorKind.RateLimited;
    }

    /// <summary>Every saved file, in the order of the tasks.</summary>
    public IReadOnlyList<SavedVideo> Files { get; private set; } = [];

    public IReadOnlyList<Failure> Failures { get; private set; } = [];

    public async Task RunAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        // A caller without progress gives up after a minute; the next call continues what is not done by then.
        var limit = call.ProgressToken is null && ids.Count > 1 ? ToolCall.Timeout : TimeSpan.FromHours(12);
        using var timeout = new CancellationTokenSource(limit, call.Session.TimeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var progress = call.ProgressToken is null ? null : new SaveProgressReporter(call, cancellationToken);
        var results = new (IReadOnlyList<SavedVideo> Files, Failure? Failure)[ids.Count];
        await Parallel.ForAsync(0, ids.Count,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (i, _) => results[i] = await SaveAsync(ids[i], progress, linked.Token, cancellationToken));
        // No progress may follow the result.
        if (progress is not null)
            await progress.AllSentAsync();
        Files = [.. results.SelectMany(result => result.Files)];
        Failures = [.. results.Select(result => result.Failure).OfType<Failure>()];
    }

    private async Task<(IReadOnlyList<SavedVideo> Files, Failure? Failure)> SaveAsync(
        string id, SaveProgressReporter? progress, CancellationToken until, CancellationToken cancellationToken)
    {
        var step = $"asking about {ProviderText.Clean(id)}";
        try
        {
            var task = await FindAsync(id, until);
            step = $"downloading {task.Reference}";
            return (await call.Client.SaveVideosAsync(task, options, progress, until), null);
        }
        catch (OmniException error)
        {
            return ([], new(id, error, step));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var details = new ErrorDetails { Charged = Charged.Yes, WasFree = true, WasSent = true };
            return ([], new(id, new(OmniErrorKind.TimedOut, "The time is up; the next call continues", details), step));
        }
    }

    private async Task<VideoTask> FindAsync(string id, CancellationToken cancellationToken)
    {
        var provider = call.Arguments.GetString("provider");
        var known = await call.Client.FindTaskAsync(id, provider, cancellationToken);
        var task = known is { Status: VideoTaskStatus.Completed } ? known
            : await call.Client.GetTaskAsync(id, provider, cancellationToken);
        return task.Status == VideoTaskStatus.Completed ? task : throw NotCompleted(task);
    }

    private static OmniException NotCompleted(VideoTask task)
    {
        var hasEnded = task.Status.IsTerminal() || task.Status == VideoTaskStatus.Unknown;
        var hasQuote = ProviderQuote.Create(task) is not null;
        var reason = task.Error is { Kind: OmniErrorKind.NoVideo } error
            ? error.Message.TrimEnd('.')
            : $"its status is {task.Status.ToWireName()}";
        return new(
            task.Status == VideoTaskStatus.Unknown ? OmniErrorKind.OutcomeUnknown
            : hasEnded ? OmniErrorKind.TaskFailed
            : OmniErrorKind.InvalidRequest,
            $"Task {task.Reference} has no video to save: {reason}", new()
            {
                TaskId = task.Id,
                RequestKey = task.RequestKey,
                Provider = task.Provider,
                Allowed = Completed,
                NextStep = hasEnded ? null : $"{SuggestedCall.WaitForTasks(task.Reference)}, then save it",
                Charged = task.Charged,
                WasFree = true,
                ProviderCode = hasQuote ? task.Error?.Code : null,
                ProviderMessage = hasQuote ? task.Error?.Message : null,
            });
    }
}
