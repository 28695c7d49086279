using System.Text.Json;
using ModelContextProtocol;
using OmniTools.Mcp.Results;

namespace OmniTools.Mcp.Protocol;

/// <summary>Maps a video task to a task of the extension.</summary>
internal static class TaskProtocolMapper
{
    /// <summary>The metadata key of the note in an acknowledgement.</summary>
    public const string NoteKey = "omnitools/note";

    /// <summary>The suggested poll interval: 5 seconds. A clip takes minutes.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

    /// <summary>The result of <c>generate_video</c> for a client that accepts tasks.</summary>
    public static TaskResult ToCreatedTask(VideoTask task, TimeProvider timeProvider) => new()
    {
        ResultType = "task",
        TaskId = task.RequestKey,
        Status = GetStatus(task),
        StatusMessage = TaskSummaryText.Describe(task, timeProvider),
        CreatedAt = task.CreatedAt,
        LastUpdatedAt = task.CompletedAt ?? timeProvider.GetUtcNow(),
        PollIntervalMs = (int)PollInterval.TotalMilliseconds,
    };

    /// <summary>The state of the task, with the tool's result once it has ended.</summary>
    public static TaskResult ToTask(VideoTask task, TimeProvider timeProvider, bool isUnwanted)
    {
        var state = ToCreatedTask(task, timeProvider);
        state.ResultType = "complete";
        if (state.Status == "completed")
            state.Result = JsonSerializer.SerializeToElement(
                CreateResult(task, timeProvider), McpJsonUtilities.DefaultOptions.GetTypeInfo<CallToolResult>());
        else if (isUnwanted && state.Status == "working")
            state.StatusMessage += " " + DescribeContinuation(task);
        return state;
    }

    public static string DescribeContinuation(VideoTask task) =>
        "A clip that was ordered is not cancelled, and is billed as ordered. Once completed it can be saved: "
        + SuggestedCall.SaveTasks(task.RequestKey);

    // An unknown outcome ends the task, as it ends a wait; otherwise a client might poll forever.
    private static string GetStatus(VideoTask task) => task.Status switch
    {
        VideoTaskStatus.Cancelled => "cancelled",
        VideoTaskStatus.Unknown => "completed",
        var status => status.IsTerminal() ? "completed" : "working",
    };

    private static CallToolResult CreateResult(VideoTask task, TimeProvider timeProvider)
    {
        var next = SuggestedCall.ForTask(task);
        var answer = new GenerateVideoResult(
            task.Status.ToWireName(), task.RequestKey, next, VideoTaskResult.From(task, 0));
        var result = ToolResult.Create(answer, ResultJson.Default.GenerateVideoResult,
            TaskSummaryText.DescribeWithNextCall(task, timeProvider, next));
        result.IsError = task.Status == VideoTaskStatus.Completed ? null : true;
        result.ResultType = "complete";
        return result;
    }
}
