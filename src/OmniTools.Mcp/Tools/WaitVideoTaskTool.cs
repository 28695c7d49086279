using System.Globalization;
using ModelContextProtocol.Protocol;
using OmniTools.Mcp.Answers;
using OmniTools.Mcp.Schemas;
using OmniTools.Mcp.Serving;
using OmniTools.Tasks;

namespace OmniTools.Mcp.Tools;

/// <summary>Follows many tasks until they end or the time is up. It only looks: no task is touched by it.</summary>
internal sealed class WaitVideoTaskTool : IOmniTool
{
    public const string ToolName = "wait_video_task";

    /// <summary>What a client that is not told of progress can be expected to bear; many give up after 60 seconds.</summary>
    public const int QuietSeconds = 45;

    private const int RetryAfterSeconds = 5;

    public string Name => ToolName;

    public string Title => "Wait for video tasks";

    public string Description =>
        "Wait until video tasks have ended; give all of them at once. Free. Returns after at most 45 s with the states so far (longer only for callers that ask for progress); " +
        "when some are still open call it again with those: nothing is lost and nothing needs to be submitted again. Ended with completed: call save_video next. " +
        "Cancelling it leaves the tasks alone.";

    public InputSchema Input => field ??= new(
        Fields.TaskIds,
        Fields.TaskProvider,
        new Field("timeout_seconds", FieldKind.Whole, "Above 45 only with a progressToken.") { Least = 0, Most = 1800, Default = "45", Example = "45" });

    public string OutputSchema => WaitAnswer.Schema;

    public ToolAnnotations Annotations => field ??= new() { ReadOnlyHint = true, IdempotentHint = true, OpenWorldHint = true };

    public async Task<Result> RunAsync(ToolCall call, CancellationToken stop)
    {
        var seconds = call.Arguments.Whole("timeout_seconds")!.Value;
        if (call.ProgressToken is null)
            seconds = Math.Min(seconds, QuietSeconds);
        var watch = new TaskWatch(call, TimeSpan.FromSeconds(seconds));
        await watch.RunAsync([.. call.Arguments.Texts("task_ids").Distinct(StringComparer.Ordinal)], call.Arguments.Text("provider"), stop);
        return Result(call, watch);
    }

    private static CallToolResult Result(ToolCall call, TaskWatch watch)
    {
        var tasks = watch.Tasks;
        var open = tasks.Where(task => !task.Status.IsFinal() && watch.Failures.All(failure => failure.TaskId != task.Handle)).ToList();
        if (tasks.Count == 0 && watch.FirstError is { } error)
            throw error;
        var unsaved = tasks.Where(task => task.IsUnsaved).ToList();
        var next = string.Join("; ", unsaved.Take(3).Select(NextCall.For)
            .Concat(open.Count > 0 ? [NextCall.Wait(open.Select(task => task.Handle))] : [])
            .DefaultIfEmpty(tasks.Count == 1 ? NextCall.For(tasks[0]) : "nothing"));
        var answer = new WaitAnswer
        {
            AllEnded = open.Count == 0 && watch.Failures.Count == 0,
            Tasks = [.. tasks.Select(task => TaskAnswer.From(task, 80))],
            Failures = watch.Failures.Count == 0 ? null : watch.Failures,
            RetryAfterSeconds = open.Count > 0 ? RetryAfterSeconds : null,
            Next = next,
        };
        var lines = tasks.Select(task => TaskSentence.Of(task, call.Session.Time))
            .Concat(watch.Failures.Select(failure => $"{failure.TaskId}: cannot be followed: {failure.Message}"));
        if (open.Count > 0)
            lines = lines.Append(string.Create(CultureInfo.InvariantCulture, $"The time is up with {open.Count} still open. Nothing was lost, nothing needs to be submitted again."));
        return Answer.Of(answer, AnswerJson.Default.WaitAnswer, string.Join('\n', lines.Append($"Next: {next}")));
    }
}
