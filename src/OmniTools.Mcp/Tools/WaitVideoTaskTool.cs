using OmniTools.Mcp.Protocol;
using OmniTools.Mcp.Protocol.Parameters;
using OmniTools.Mcp.Results;

namespace OmniTools.Mcp.Tools;

/// <summary>Follows tasks until they end or the time is up. Waiting never changes a task.</summary>
internal sealed class WaitVideoTaskTool() : OmniTool(
    "wait_video_task",
    "Wait for video tasks",
    "Wait until video tasks have ended; give all of them at once. Free. Returns after at most 45 s with the "
    + "states so far (longer only for callers that ask for progress); when some are still open call it again "
    + "with those: nothing is lost and nothing needs to be submitted again. Ended with completed: call "
    + "save_video next, once for all. Stopping this wait does not stop the clips.",
    new() { ReadOnlyHint = true, IdempotentHint = true, OpenWorldHint = true },
    new InputSchema(
        CommonParameters.TaskIds,
        CommonParameters.TaskProvider,
        ToolParameter.Integer("timeout_seconds", "Above 45 only with a progressToken.", 0, 1800, "45") with
        {
            Default = "45",
        }))
{
    /// <summary>The longest wait without progress notifications: 45 seconds. Many clients give up after 60.</summary>
    public const int QuietSeconds = 45;

    private const int RetryAfterSeconds = 5;
    private const int MaximumSteps = 3;

    /// <summary>The length of a reason among more than ten failures.</summary>
    private const int MaximumReason = 60;

    public override async Task<Result> RunAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var seconds = call.Arguments.GetInteger("timeout_seconds")!.Value;
        if (call.ProgressToken is null)
            seconds = Math.Min(seconds, QuietSeconds);
        var watch = new VideoTaskFollower(call, TimeSpan.FromSeconds(seconds));
        await watch.RunAsync(
            [.. call.Arguments.GetStrings("task_ids").Distinct(StringComparer.Ordinal)],
            call.Arguments.GetString("provider"),
            cancellationToken);
        return CreateResult(call, watch);
    }

    private static CallToolResult CreateResult(ToolCall call, VideoTaskFollower watch)
    {
        var (tasks, failures) = (watch.Tasks, watch.Failures);
        if (tasks.Count == 0 && failures.Count > 0)
            throw failures[0].Error;
        var open = tasks.Where(task => !task.Status.IsTerminal() && task.Status != VideoTaskStatus.Unknown
            && failures.All(failure => failure.Id != task.Reference)).ToList();
        var next = Next(tasks, open);
        int? maximumReason = failures.Count > WaitResultText.MaximumLines ? MaximumReason : null;
        var answer = new WaitVideoTaskResult(
            AllEnded: open.Count == 0 && failures.Count == 0,
            [.. tasks.Select(task => tasks.Count > WaitResultText.MaximumLines
                ? VideoTaskRow.FromMany(task) : VideoTaskRow.From(task))],
            failures.Select(failure => VideoTaskFailure.From(failure.Id, failure.Error, maximumReason)).ToList()
                .NullIfEmpty(),
            open.Count > 0 ? RetryAfterSeconds : null,
            next);
        return ToolResult.Create(answer, ResultJson.Default.WaitVideoTaskResult,
            WaitResultText.Create(tasks, open.Count, failures, next, call.Session.TimeProvider));
    }

    // One call saves everything that can be saved, another waits for the rest.
    private static string Next(IReadOnlyList<VideoTask> tasks, List<VideoTask> open)
    {
        var unsaved = tasks.Where(task => task.IsUnsaved).Select(task => task.Reference).ToList();
        var others = tasks.Where(task => task.Status is VideoTaskStatus.Unknown or VideoTaskStatus.Failed)
            .Select(SuggestedCall.ForTask).Distinct().ToList();
        var wait = open.Count > 0 ? SuggestedCall.WaitForTasks([.. open.Select(task => task.Reference)]) : null;
        var steps = new[] { unsaved.Count > 0 ? SuggestedCall.SaveTasks(unsaved) : null, wait }
            .OfType<string>().Concat(others.Take(MaximumSteps)).ToList();
        return steps.Count == 0 ? "nothing" : string.Join("; then ", steps);
    }
}
