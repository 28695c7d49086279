using OmniTools.Ledger;
using OmniTools.Mcp.Protocol;
using OmniTools.Mcp.Protocol.Parameters;
using OmniTools.Mcp.Results;

namespace OmniTools.Mcp.Tools;

/// <summary>Lists the tasks of the ledger, page by page.</summary>
internal sealed class ListVideoTasksTool() : OmniTool(
    "list_video_tasks",
    "List video tasks",
    "List the tasks in the ledger, newest first: every clip ever requested on this machine, or on all "
    + "machines that share the ledger, from any session. Free, instant, asks no provider, so states are as last"
    + " seen (get_video_task refreshes one). Use it to find a lost task id, or with unsaved=true the paid clips"
    + " without a file and when their URLs expire.",
    new() { ReadOnlyHint = true, IdempotentHint = true, OpenWorldHint = false },
    new InputSchema(
        new ToolParameter("status", ParameterType.String, "Only tasks with this status.")
        {
            Choices = VideoTaskStatusExtensions.WireNames,
            Example = "\"completed\"",
        },
        CommonParameters.Provider("Only tasks of this provider."),
        new ToolParameter("unsaved", ParameterType.Boolean, "Only completed tasks without a file.")
        {
            Default = "false",
            Example = "true",
        },
        ToolParameter.String("search", "Only tasks whose prompt, request_key or task id contains this text.", 200,
            "lighthouse"),
        ToolParameter.Integer("limit", "Tasks a page.", 1, 100, "20") with { Default = "20" },
        ToolParameter.String("cursor", "next_cursor of the page before.", 191, "omni_019aa0")))
{
    public override async Task<Result> RunAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var page = await call.Client.ListTasksAsync(await QueryAsync(call, cancellationToken), cancellationToken);
        var answer = new ListVideoTasksResult(
            [.. page.Tasks.Select(VideoTaskRow.From)], page.NextCursor, page.Warnings.NullIfEmpty());
        var labels = TaskLabels.Create(page.Tasks);
        var lines = page.Tasks.Select(task => Line(task, call.Session.TimeProvider, labels[task.RequestKey]))
            .DefaultIfEmpty("No such tasks.").Concat(page.Warnings);
        if (answer.NextCursor is { } cursor)
            lines = lines.Append($"There are more: the same call with \"cursor\":{SuggestedCall.QuoteJson(cursor)}");
        return ToolResult.Create(answer, ResultJson.Default.ListVideoTasksResult, string.Join('\n', lines));
    }

    private static async Task<VideoTaskQuery> QueryAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var status = call.Arguments.GetString("status");
        var unsaved = call.Arguments.GetBoolean("unsaved");
        if (unsaved && VideoTaskStatusExtensions.TryParse(status, out var given) && given != VideoTaskStatus.Completed)
            throw InvalidRequest.Create("Only completed tasks can be unsaved", "status",
                $"{status} together with unsaved", "completed, or unsaved alone");
        var cursor = call.Arguments.GetString("cursor");
        if (cursor is not null && await call.Client.FindTaskAsync(cursor, null, cancellationToken) is null)
            throw InvalidRequest.Create("The ledger has no task where this page should begin", "cursor", cursor,
                "next_cursor of an earlier answer, or none for the newest tasks");
        return new()
        {
            Statuses = VideoTaskStatusExtensions.TryParse(status, out var one) ? [one] : [],
            Provider = call.Arguments.GetString("provider")?.ToLowerInvariant(),
            Unsaved = unsaved,
            Before = cursor,
            Search = call.Arguments.GetString("search"),
            Limit = call.Arguments.GetInteger("limit")!.Value,
        };
    }

    private static string Line(VideoTask task, TimeProvider timeProvider, string label)
    {
        var state =
            task.Status == VideoTaskStatus.Completed
                ? $"completed, {TaskSummaryText.DescribeSaved(task, timeProvider.GetUtcNow())}"
                : TaskSummaryText.DescribeStatus(task);
        var machine =
            task.Machine is { } name && name != Environment.MachineName ? " on " + ProviderText.Clean(name) : "";
        return $"{task.Reference} ({task.Provider}{(label.Length == 0 ? "" : ", " + label)}): {state}; "
            + $"made {task.CreatedAt:yyyy-MM-dd HH:mm}Z{machine}";
    }
}
