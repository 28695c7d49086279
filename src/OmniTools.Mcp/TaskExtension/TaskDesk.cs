using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using OmniTools.Errors;
using OmniTools.Mcp.Serving;
using OmniTools.VideoTasks;

namespace OmniTools.Mcp.TaskExtension;

/// <summary>
/// Answers <c>tasks/get</c>, <c>tasks/cancel</c> and <c>tasks/update</c>. The ledger is the store, so a task is found by any later
/// server; kept here is only what makes this one polite: when the provider was asked last.
/// </summary>
internal sealed class TaskDesk(Session session)
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> asked = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> unwanted = new(StringComparer.Ordinal);

    public IList<McpServerRequestHandler> Handlers() =>
    [
        new() { Method = "tasks/get", RoutingNameParameter = "taskId", Handler = GetAsync },
        new() { Method = "tasks/cancel", RoutingNameParameter = "taskId", Handler = CancelAsync },
        new() { Method = "tasks/update", RoutingNameParameter = "taskId", Handler = UpdateAsync },
    ];

    private async ValueTask<JsonNode?> GetAsync(JsonRpcRequest request, CancellationToken cancellationToken)
    {
        var task = await LookAsync(Known(request), cancellationToken);
        if (task.Status.IsTerminal())
            asked.TryRemove(task.RequestKey, out _);
        return JsonSerializer.SerializeToNode(TaskAccount.Of(task, session.Time, unwanted.ContainsKey(task.RequestKey)), TaskJson.Default.TaskMessage);
    }

    // The clip is paid for: it goes on, and what was bought is not thrown away because somebody stopped looking.
    private ValueTask<JsonNode?> CancelAsync(JsonRpcRequest request, CancellationToken cancellationToken)
    {
        var task = Known(request);
        if (task.Status.IsTerminal())
            return Acknowledged();
        unwanted[task.RequestKey] = true;
        return Acknowledged(new JsonObject { [TaskAccount.NoteKey] = TaskAccount.GoesOn(task) });
    }

    // Everything that has to be asked is asked before there is a task, so no answer is ever outstanding.
    private ValueTask<JsonNode?> UpdateAsync(JsonRpcRequest request, CancellationToken cancellationToken)
    {
        Known(request);
        return Acknowledged();
    }

    private static ValueTask<JsonNode?> Acknowledged(JsonObject? meta = null) =>
        ValueTask.FromResult(JsonSerializer.SerializeToNode(new TaskAcknowledgement { ResultType = "complete", Meta = meta }, TaskJson.Default.TaskAcknowledgement));

    /// <summary>The task as the provider tells, or as last seen: by a caller that comes back too soon, or when the provider cannot be reached.</summary>
    private async Task<VideoTask> LookAsync(VideoTask known, CancellationToken cancellationToken)
    {
        var now = session.Time.GetUtcNow();
        if (known.Status.IsTerminal() || (asked.TryGetValue(known.RequestKey, out var before) && now - before < TaskAccount.PollInterval / 2))
            return known;
        asked[known.RequestKey] = now;
        using var patience = new Patience(session.Time, Patience.OfOneCall, cancellationToken);
        try
        {
            return await session.Client.GetTaskAsync(known.RequestKey, known.Provider, patience.Token);
        }
        catch (Exception error) when (error is OmniException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return known;
        }
    }

    private VideoTask Known(JsonRpcRequest request)
    {
        TaskDeclaration.Require(request);
        if ((request.Params as JsonObject)?["taskId"] is not JsonValue given || !given.TryGetValue<string>(out var id))
            throw new McpProtocolException($"{request.Method} needs a taskId. Allowed: the taskId of an earlier generate_video.", McpErrorCode.InvalidParams);
        try
        {
            if (session.Client.FindTask(id) is { } task && task.RequestKey == id)
                return task;
        }
        catch (OmniException error)
        {
            throw new McpProtocolException(error.Message, McpErrorCode.InternalError);
        }
        throw new McpProtocolException($"There is no task '{ProviderText.Clean(id)}' in this ledger. Allowed: the taskId of an earlier generate_video; see list_video_tasks.", McpErrorCode.InvalidParams);
    }
}
