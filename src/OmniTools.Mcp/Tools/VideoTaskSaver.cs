using OmniTools.Errors;
using OmniTools.Mcp.Protocol;
using OmniTools.Mcp.Results;
using OmniTools.Saving;
using OmniTools.VideoTasks;

namespace OmniTools.Mcp.Tools;

/// <summary>Saves the videos of several tasks, four at a time, and collects the failures.</summary>
internal sealed class VideoTaskSaver(ToolCall call, SaveOptions options)
{
    private const int AtOnce = 4;
    private const string Completed = "status completed";

    private readonly Lock gate = new();
    private readonly List<SavedVideo> files = [];
    private readonly List<Failure> failures = [];

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
    public IReadOnlyList<SavedVideo> Files => files;

    public IReadOnlyList<Failure> Failures => failures;

    public async Task RunAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        // A caller without progress gives up after a minute; the next call continues what is not done by then.
        var limit = call.ProgressToken is null && ids.Count > 1 ? ToolCall.Timeout : TimeSpan.FromHours(12);
        using var timeout = new CancellationTokenSource(limit, call.Session.TimeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var progress = call.ProgressToken is null ? null : new SaveProgressReporter(call, cancellationToken);
        await Parallel.ForEachAsync(ids,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (id, _) => await SaveAsync(id, progress, linked.Token, cancellationToken));
        // No progress may follow the result.
        if (progress is not null)
            await progress.AllSentAsync();
        var order = ids.Select((id, index) => (id, index))
            .ToDictionary(each => each.id, each => each.index, StringComparer.Ordinal);
        files.Sort((one, other) => (Place(one.Task), one.Index).CompareTo((Place(other.Task), other.Index)));
        failures.Sort((one, other) => order[one.Id].CompareTo(order[other.Id]));

        int Place(VideoTask task) =>
            order.TryGetValue(task.Reference, out var place) || order.TryGetValue(task.RequestKey, out place)
                ? place
                : int.MaxValue;
    }

    private async Task SaveAsync(
        string id, SaveProgressReporter? progress, CancellationToken until, CancellationToken cancellationToken)
    {
        var step = $"asking about {ProviderText.Clean(id)}";
        try
        {
            var task = await FindAsync(id, until);
            step = $"downloading {task.Reference}";
            var saved = await call.Client.SaveVideosAsync(task, options, progress, until);
            lock (gate)
                files.AddRange(saved);
        }
        catch (OmniException error)
        {
            Fail(id, error, step);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Fail(id, new(OmniErrorKind.TimedOut, "The time is up; the next call continues", new()
            {
                Charged = Charged.Yes,
                WasFree = true,
                WasSent = true,
            }), step);
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

    private void Fail(string id, OmniException error, string step)
    {
        lock (gate)
            failures.Add(new(id, error, step));
    }
}
