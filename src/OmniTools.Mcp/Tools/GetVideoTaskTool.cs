using ModelContextProtocol.Protocol;
using OmniTools.Mcp.Answers;
using OmniTools.Mcp.Schemas;
using OmniTools.Mcp.Serving;

namespace OmniTools.Mcp.Tools;

/// <summary>Where one task stands.</summary>
internal sealed class GetVideoTaskTool : IOmniTool
{
    public string Name => "get_video_task";

    public string Title => "Get a video task";

    public string Description =>
        "Ask the provider once where one task stands. Free; a second or two. Use it after a lost answer or a timeout (a request_key works as task_id) and to look up a result. " +
        "To follow a running task use wait_video_task instead of calling this in a loop.";

    public InputSchema Input { get; } = new(Fields.TaskId, Fields.TaskProvider);

    public string OutputSchema => TaskStateAnswer.Schema;

    public ToolAnnotations Annotations { get; } = new() { ReadOnlyHint = true, IdempotentHint = true, OpenWorldHint = true };

    public async Task<CallToolResult> RunAsync(ToolCall call, CancellationToken stop)
    {
        var task = await call.Client.GetAsync(call.Arguments.Text("task_id")!, call.Arguments.Text("provider"), stop);
        var next = NextCall.For(task);
        return Answer.Of(new TaskStateAnswer { Task = TaskAnswer.From(task, 500), Next = next }, AnswerJson.Plain.TaskStateAnswer,
            $"{TaskSentence.Of(task, call.Session.Time)} Next: {next}");
    }
}
