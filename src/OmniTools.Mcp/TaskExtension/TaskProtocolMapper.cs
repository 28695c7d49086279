using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using OmniTools.Mcp.Protocol;
using OmniTools.Mcp.Results;
using OmniTools.VideoTasks;

namespace OmniTools.Mcp.TaskExtension;

/// <summary>Maps a video task to a task of the extension.</summary>
internal static class TaskProtocolMapper
{
    /// <summary>The metadata key of the note in an acknowledgement.</summary>
    public const string NoteKey = "omnitools/note";

    /// <summary>The suggested poll interval: 5 seconds. A clip takes minutes.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

    /// <summary>The result of <c>generate_video</c> for a client that accepts tasks.</summary>
    public static TaskResult ToCreatedTask(VideoTask task, TimeProvider timeProvider) =>
        Message(task, timeProvider, "task", false);

    /// <summary>The state of the task, with the tool's result once it has ended.</summary>
    public static TaskResult ToTask(VideoTask task, TimeProvider timeProvider, bool isUnwanted) =>
        Message(task, timeProvider, "complete", isUnwanted);

    public static string DescribeContinuation(VideoTask task) =>
        $"A clip that was ordered is not cancelled, and is billed as ordered. Once completed it can be saved: "
            + $"{SuggestedCall.SaveTasks(task.RequestKey)}";

    private static TaskResult Message(VideoTask task, TimeProvider timeProvider, string resultType, bool isUnwanted)
    {
        var hasEnded = task.Status.IsTerminal() || task.Status == VideoTaskStatus.Unknown;
        var result =
            resultType == "complete" && hasEnded && task.Status != VideoTaskStatus.Cancelled
                ? Result(task, timeProvider)
                : null;
        return new()
        {
            ResultType = resultType,
            TaskId = task.RequestKey,
            // An unknown outcome ends the task, as it ends a wait; otherwise a client might poll forever.
            Status =
                !hasEnded ? "working"
                : task.Status == VideoTaskStatus.Cancelled ? "cancelled"
                : "completed",
            StatusMessage =
                TaskSummaryText.Describe(task, timeProvider)
                + (isUnwanted && !hasEnded ? " " + DescribeContinuation(task) : ""),
            CreatedAt = task.CreatedAt,
            LastUpdatedAt = task.CompletedAt ?? timeProvider.GetUtcNow(),
            PollIntervalMs = (int)PollInterval.TotalMilliseconds,
            Result = result is null
                ? null
                : JsonSerializer.SerializeToElement(
                    result, McpJsonUtilities.DefaultOptions.GetTypeInfo<CallToolResult>()),
        };
    }

    private static CallToolResult Result(VideoTask task, TimeProvider timeProvider)
    {
        var next = SuggestedCall.ForTask(task);
        var answer = new GenerateVideoResult
        {
            Status = task.Status.ToWireName(),
            RequestKey = task.RequestKey,
            Next = next,
            Task = VideoTaskResult.From(task, 0),
        };
        var result = ToolResult.Create(
            answer, ResultJson.Default.GenerateVideoResult,
            TaskSummaryText.DescribeWithNextCall(task, timeProvider, next));
        result.IsError = task.Status == VideoTaskStatus.Completed ? null : true;
        result.ResultType = "complete";
        return result;
    }
}
