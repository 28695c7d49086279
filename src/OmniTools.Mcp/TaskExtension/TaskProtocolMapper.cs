using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using OmniTools.Mcp.Protocol;
using OmniTools.Mcp.Results;
using OmniTools.VideoTasks;

namespace OmniTools.Mcp.TaskExtension;

/// <summary>A video task told in the extension's words.</summary>
internal static class TaskProtocolMapper
{
    /// <summary>Under which name an acknowledgement says more than the protocol asks for.</summary>
    public const string NoteKey = "omnitools/note";

    /// <summary>How often a client shall ask: a clip takes minutes.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

    /// <summary>What <c>generate_video</c> answers instead of waiting.</summary>
    public static TaskResult ToCreatedTask(VideoTask task, TimeProvider timeProvider) => Message(task, timeProvider, "task", false);

    /// <summary>Where it stands, with the tool's answer once it has ended.</summary>
    public static TaskResult ToTask(VideoTask task, TimeProvider timeProvider, bool isUnwanted) => Message(task, timeProvider, "complete", isUnwanted);

    public static string DescribeContinuation(VideoTask task) =>
        $"A clip that was ordered is not cancelled, and is billed as ordered. Once completed it can be saved: {SuggestedCall.SaveTasks(task.RequestKey)}";

    private static TaskResult Message(VideoTask task, TimeProvider timeProvider, string resultType, bool isUnwanted)
    {
        var hasEnded = task.Status.IsTerminal() || task.Status == VideoTaskStatus.Unknown;
        var result = resultType == "complete" && hasEnded && task.Status != VideoTaskStatus.Cancelled ? Result(task, timeProvider) : null;
        return new()
        {
            ResultType = resultType,
            TaskId = task.RequestKey,
            // An outcome that asking cannot settle ends the task, as it ends a wait: else a client would ask for ever.
            Status = !hasEnded ? "working" : task.Status == VideoTaskStatus.Cancelled ? "cancelled" : "completed",
            StatusMessage = TaskSummaryText.Describe(task, timeProvider) + (isUnwanted && !hasEnded ? " " + DescribeContinuation(task) : ""),
            CreatedAt = task.CreatedAt,
            LastUpdatedAt = task.CompletedAt ?? timeProvider.GetUtcNow(),
            PollIntervalMs = (int)PollInterval.TotalMilliseconds,
            Result = result is null ? null : JsonSerializer.SerializeToElement(result, McpJsonUtilities.DefaultOptions.GetTypeInfo<CallToolResult>()),
        };
    }

    private static CallToolResult Result(VideoTask task, TimeProvider timeProvider)
    {
        var next = SuggestedCall.ForTask(task);
        var answer = new GenerateVideoResult { Status = task.Status.ToWireName(), RequestKey = task.RequestKey, Next = next, Task = VideoTaskResult.From(task, 0) };
        var result = ToolResult.Create(answer, ResultJson.Default.GenerateVideoResult, TaskSummaryText.DescribeWithNextCall(task, timeProvider, next));
        result.IsError = task.Status == VideoTaskStatus.Completed ? null : true;
        result.ResultType = "complete";
        return result;
    }
}
