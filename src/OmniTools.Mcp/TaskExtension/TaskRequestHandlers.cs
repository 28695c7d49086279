using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Server;
using OmniTools.Mcp.Protocol;
using OmniTools.Mcp.Session;

namespace OmniTools.Mcp.TaskExtension;

/// <summary>
/// Answers <c>tasks/get</c>, <c>tasks/cancel</c> and <c>tasks/update</c>. The ledger is the store, so any later server
/// finds a task. In memory are only the times of the last polls, to limit their rate.
/// </summary>
internal sealed class TaskRequestHandlers(ServerSession session)
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> lastPolls = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> cancelRequested = new(StringComparer.Ordinal);

    public IList<McpServerRequestHandler> CreateHandlers() =>
    [
        new() { Method = "tasks/get", RoutingNameParameter = "taskId", Handler = GetAsync },
        new() { Method = "tasks/cancel", RoutingNameParameter = "taskId", Handler = CancelAsync },
        new() { Method = "tasks/update", RoutingNameParameter = "taskId", Handler = UpdateAsync },
    ];

    private async ValueTask<JsonNode?> GetAsync(JsonRpcRequest request, CancellationToken cancellationToken)
    {
        var task = await RefreshAsync(await FindTaskAsync(request, cancellationToken), cancellationToken);
        if (task.Status.IsTerminal())
            lastPolls.TryRemove(task.RequestKey, out _);
        return JsonSerializer.SerializeToNode(
            TaskProtocolMapper.ToTask(task, session.TimeProvider, cancelRequested.ContainsKey(task.RequestKey)),
            TaskResultJson.Default.TaskResult);
    }

    // The clip is paid for and cannot be cancelled; it continues.
    private async ValueTask<JsonNode?> CancelAsync(JsonRpcRequest request, CancellationToken cancellationToken)
    {
        var task = await FindTaskAsync(request, cancellationToken);
        if (task.Status.IsTerminal())
            return Acknowledge();
        cancelRequested[task.RequestKey] = true;
        return Acknowledge(
            new JsonObject { [TaskProtocolMapper.NoteKey] = TaskProtocolMapper.DescribeContinuation(task) });
    }

    // Tasks never wait for input: every question is asked before the task exists.
    private async ValueTask<JsonNode?> UpdateAsync(JsonRpcRequest request, CancellationToken cancellationToken)
    {
        await FindTaskAsync(request, cancellationToken);
        return Acknowledge();
    }

    private static JsonNode? Acknowledge(JsonObject? meta = null) =>
        JsonSerializer.SerializeToNode(
            new TaskAcknowledgement { ResultType = "complete", Meta = meta },
            TaskResultJson.Default.TaskAcknowledgement);

    /// <summary>
    /// The task as the provider reports it. If the caller polls too often or the provider cannot be reached, the last
    /// known state.
    /// </summary>
    private async Task<VideoTask> RefreshAsync(VideoTask known, CancellationToken cancellationToken)
    {
        var now = session.TimeProvider.GetUtcNow();
        var isTooEarly = lastPolls.TryGetValue(known.RequestKey, out var before)
            && now - before < TaskProtocolMapper.PollInterval / 2;
        if (known.Status.IsTerminal() || isTooEarly)
            return known;
        lastPolls[known.RequestKey] = now;
        using var timeout = new CancellationTokenSource(ToolCall.Timeout, session.TimeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await session.Client.GetTaskAsync(known.RequestKey, known.Provider, linked.Token);
        }
        catch (Exception error) when (error is OmniException or OperationCanceledException
            && !cancellationToken.IsCancellationRequested)
        {
            return known;
        }
    }

    private async Task<VideoTask> FindTaskAsync(JsonRpcRequest request, CancellationToken cancellationToken)
    {
        TaskExtensionSupport.Require(request);
        if ((request.Params as JsonObject)?["taskId"] is not JsonValue given || !given.TryGetValue<string>(out var id))
            throw new McpProtocolException(
                $"{request.Method} needs a taskId. Allowed: the taskId of an earlier generate_video.",
                McpErrorCode.InvalidParams);
        try
        {
            if (await session.Client.FindTaskAsync(id, null, cancellationToken) is { } task && task.RequestKey == id)
                return task;
        }
        catch (OmniException error)
        {
            throw new McpProtocolException(error.Message, McpErrorCode.InternalError);
        }
        throw new McpProtocolException(
            $"There is no task '{ProviderText.Clean(id)}' in this ledger. Allowed: the taskId of an earlier "
            + "generate_video; see list_video_tasks.",
            McpErrorCode.InvalidParams);
    }
}
