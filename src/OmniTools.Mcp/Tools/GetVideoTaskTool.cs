using OmniTools.Mcp.Protocol;
using OmniTools.Mcp.Protocol.Parameters;
using OmniTools.Mcp.Results;

namespace OmniTools.Mcp.Tools;

/// <summary>Returns the state of one task.</summary>
internal sealed class GetVideoTaskTool() : OmniTool(
    "get_video_task",
    "Get a video task",
    "Ask the provider once where one task stands, with its result URL. Free; a second or two. Use it after a "
    + "lost answer or a timeout (a request_key works as task_id). To follow a running task use wait_video_task,"
    + " not this in a loop.",
    new() { ReadOnlyHint = true, IdempotentHint = true, OpenWorldHint = true },
    new InputSchema(CommonParameters.TaskId, CommonParameters.TaskProvider))
{
    public override async Task<Result> RunAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var task = await AskAsync(
            call, call.Arguments.GetString("task_id")!, call.Arguments.GetString("provider"), cancellationToken);
        var next = SuggestedCall.ForTask(task);
        return ToolResult.Create(
            new GetVideoTaskResult(VideoTaskResult.From(task, 500), next),
            ResultJson.Default.GetVideoTaskResult,
            TaskSummaryText.DescribeWithNextCall(task, call.Session.TimeProvider, next));
    }

    private static async Task<VideoTask> AskAsync(
        ToolCall call, string id, string? provider, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(ToolCall.Timeout, call.Session.TimeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await call.Client.GetTaskAsync(id, provider, linked.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var known = await call.Client.FindTaskAsync(id, provider, cancellationToken);
            throw new OmniException(OmniErrorKind.ProviderUnavailable, "The provider did not answer in time", new()
            {
                TaskId = ProviderText.Clean(id),
                Charged = known?.Charged ?? Charged.Unknown,
                WasFree = true,
                WasSent = true,
                NextStep = known is null ? null : $"As last seen it is {known.Status.ToWireName()}",
            });
        }
    }
}
