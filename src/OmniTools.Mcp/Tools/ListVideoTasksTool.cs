using System.Globalization;
using ModelContextProtocol.Protocol;
using OmniTools.Errors;
using OmniTools.Ledger;
using OmniTools.Mcp.Answers;
using OmniTools.Mcp.Schemas;
using OmniTools.Mcp.Serving;
using OmniTools.VideoTasks;

namespace OmniTools.Mcp.Tools;

/// <summary>What the ledger knows, page by page.</summary>
internal sealed class ListVideoTasksTool : IOmniTool
{
    public string Name => "list_video_tasks";

    public string Title => "List video tasks";

    public string Description =>
        "List the tasks in the ledger, newest first: every clip ever asked for on this machine, or on all machines that share the ledger, from any session. Free, instant, asks no provider, so states are as last seen " +
        "(get_video_task refreshes one). Use it to find a lost task id, or with unsaved=true the paid clips without a file and when their URLs expire.";

    public InputSchema Input => field ??= new(
        new Field("status", FieldKind.Text, "Only tasks with this status.")
        {
            Choices = VideoTaskStatusExtensions.WireNames,
            Example = "\"completed\""
        },
        Fields.Provider("Only tasks of this provider."),
        new Field("unsaved", FieldKind.Flag, "Only completed tasks without a file.") { Default = "false", Example = "true" },
        new Field("search", FieldKind.Text, "Only tasks whose prompt, request_key or task id contains this text.") { Least = 1, Most = 200, Example = "\"lighthouse\"" },
        new Field("limit", FieldKind.Whole, "Tasks a page.") { Least = 1, Most = 100, Default = "20", Example = "20" },
        new Field("cursor", FieldKind.Text, "next_cursor of the page before.") { Least = 1, Most = 191, Example = "\"omni_019aa0\"" });

    public string OutputSchema => ListAnswer.Schema;

    public ToolAnnotations Annotations => field ??= new() { ReadOnlyHint = true, IdempotentHint = true, OpenWorldHint = false };

    public async Task<Result> RunAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var page = await call.Client.ListTasksAsync(await QueryAsync(call, cancellationToken), cancellationToken);
        var answer = new ListAnswer
        {
            Tasks = [.. page.Tasks.Select(TaskAnswer.Row)],
            NextCursor = page.NextCursor,
            Warnings = page.Warnings.Count == 0 ? null : page.Warnings,
        };
        var labels = TaskLabels.For(page.Tasks);
        var lines = page.Tasks.Select(task => Line(task, call.Session.Time, labels[task.RequestKey])).DefaultIfEmpty("No such tasks.").Concat(page.Warnings);
        if (answer.NextCursor is { } cursor)
            lines = lines.Append($"There are more: the same call with \"cursor\":{NextCall.Quote(cursor)}");
        return Answer.Of(answer, AnswerJson.Default.ListAnswer, string.Join('\n', lines));
    }

    private static async Task<VideoTaskQuery> QueryAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var status = call.Arguments.Text("status");
        var unsaved = call.Arguments.Flag("unsaved");
        if (unsaved && status is not null && VideoTaskStatusExtensions.TryParse(status, out var given) && given != VideoTaskStatus.Completed)
        {
            throw new OmniException(OmniErrorKind.InvalidRequest, "Only completed tasks can be unsaved")
            {
                Charged = Charged.No, // Nothing was sent.
                Field = "status",
                Received = $"{status} together with unsaved",
                Allowed = "completed, or unsaved alone",
            };
        }
        var cursor = call.Arguments.Text("cursor");
        if (cursor is not null && await call.Client.FindTaskAsync(cursor, null, cancellationToken) is null)
        {
            throw new OmniException(OmniErrorKind.InvalidRequest, "The ledger has no task where this page should begin")
            {
                Charged = Charged.No, // Nothing was sent.
                Field = "cursor",
                Received = ProviderText.Clean(cursor),
                Allowed = "next_cursor of an earlier answer, or none for the newest tasks",
            };
        }
        return new()
        {
            Statuses = VideoTaskStatusExtensions.TryParse(status, out var one) ? [one] : [],
            Provider = call.Arguments.Text("provider")?.ToLowerInvariant(),
            Unsaved = unsaved,
            Before = cursor,
            Search = call.Arguments.Text("search"),
            Limit = call.Arguments.Whole("limit")!.Value,
        };
    }

    private static string Line(VideoTask task, TimeProvider timeProvider, string label)
    {
        var state = task.Status == VideoTaskStatus.Completed ? $"completed, {TaskSentence.Saved(task, timeProvider.GetUtcNow())}" : TaskSentence.State(task);
        return string.Create(CultureInfo.InvariantCulture, $"{task.Reference} ({task.Provider}{(label.Length == 0 ? "" : ", " + label)}): {state}; made {task.CreatedAt:yyyy-MM-dd HH:mm}Z{(task.Machine is { } machine && machine != Environment.MachineName ? " on " + ProviderText.Clean(machine) : "")}");
    }
}
