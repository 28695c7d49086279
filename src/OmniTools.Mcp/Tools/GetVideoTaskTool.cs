using ModelContextProtocol.Protocol;
using OmniTools.Errors;
using OmniTools.Mcp.Answers;
using OmniTools.Mcp.Schemas;
using OmniTools.Mcp.Serving;
using OmniTools.VideoTasks;

namespace OmniTools.Mcp.Tools;

/// <summary>Where one task stands.</summary>
internal sealed class GetVideoTaskTool : IOmniTool
{
    public string Name => "get_video_task";

    public string Title => "Get a video task";

    public string Description =>
        "Ask the provider once where one task stands, with its result URL. Free; a second or two. Use it after a lost answer or a timeout (a request_key works as task_id). " +
        "To follow a running task use wait_video_task, not this in a loop.";

    public InputSchema Input => field ??= new(Fields.TaskId, Fields.TaskProvider);

    public string OutputSchema => TaskStateAnswer.Schema;

    public ToolAnnotations Annotations => field ??= new() { ReadOnlyHint = true, IdempotentHint = true, OpenWorldHint = true };

    public async Task<Result> RunAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var task = await AskAsync(call, call.Arguments.Text("task_id")!, call.Arguments.Text("provider"), cancellationToken);
        var next = NextCall.For(task);
        return Answer.Of(new TaskStateAnswer { Task = TaskAnswer.From(task, 500), Next = next }, AnswerJson.Default.TaskStateAnswer,
            TaskSentence.WithNext(task, call.Session.Time, next));
    }

    private static async Task<VideoTask> AskAsync(ToolCall call, string id, string? provider, CancellationToken cancellationToken)
    {
        using var patience = new Patience(call.Session.Time, Patience.OfOneCall, cancellationToken);
        try
        {
            return await call.Client.GetTaskAsync(id, provider, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var known = call.Client.FindTask(id, provider);
            throw new OmniException(OmniErrorKind.ProviderUnavailable, "The provider did not answer in time")
            {
                TaskId = ProviderText.Clean(id),
                Charged = known?.Charged ?? Charged.Unknown,
                WasFree = true,
                WasSent = true,
                NextStep = known is null ? null : $"As last seen it is {known.Status.ToWireName()}",
            };
        }
    }
}
