using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace OmniTools.Testing;

/// <summary>
/// The tasks of a loopback provider: accepted once per key, moved on by script or by being asked for.
/// </summary>
internal sealed class LoopbackTasks(LoopbackProvider server, TimeProvider timeProvider)
{
    private readonly Lock guard = new();
    private readonly List<LoopbackTask> tasks = [];

    public IReadOnlyList<LoopbackTask> Snapshot()
    {
        lock (guard)
            return [.. tasks];
    }

    /// <summary>A paid request: the same key gives the same task, anything else is a new one.</summary>
    public LoopbackResponse Submit(HttpRequest request, string body)
    {
        JsonNode? content;
        try
        {
            content = JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            content = null;
        }
        if (content?["model"]?.GetValue<string>() is not { } model)
            return LoopbackResponse.Error(400, "invalid_request_error", "model is required");
        var isToApis = server.Contract == Contract.ToApis;
        var key = isToApis ? content["client_business_id"]?.GetValue<string>() : request.Headers["Idempotency-Key"]
            .FirstOrDefault();
        lock (guard)
        {
            var known = server.HonoursKeys && key is not null ? tasks.FirstOrDefault(task => task.Key == key) : null;
            var task = known ?? new LoopbackTask($"{(isToApis ? "video_" : "task_")}LOOPBACK{tasks.Count + 1:D4}", key,
                model, body)
            { Created = timeProvider.GetUtcNow() };
            if (known is null)
                tasks.Add(task);
            var reply =
                LoopbackResponse.Json(200, isToApis ? ToApisContract.Accepted(task) : ApiMartContract.Accepted(task));
            if (known is not null)
                reply.Headers["idempotency-replayed"] = "true";
            return reply;
        }
    }

    public LoopbackResponse Read(string id)
    {
        lock (guard)
        {
            var isToApis = server.Contract == Contract.ToApis;
            if (tasks.FirstOrDefault(task => task.Id == id || (isToApis && task.Key == id)) is not { } task
                || timeProvider.GetUtcNow() - task.Created < server.ReadLag)
                return LoopbackResponse.Error(404, "not_found_error", "task not found");
            task.Polls++;
            if (!task.IsScripted && server.PollsUntilDone is { } polls && task.Status != "completed")
            {
                if (task.Polls >= polls)
                    Complete(task, null);
                else
                    (task.Status, task.Progress) = ("in_progress", 100 * task.Polls / polls);
            }
            return LoopbackResponse.Json(200, isToApis ? ToApisContract.State(task) : ApiMartContract.State(task));
        }
    }

    public void Script(string id, Action<LoopbackTask> change)
    {
        lock (guard)
        {
            var task = tasks.First(task => task.Id == id || task.Key == id);
            task.IsScripted = true;
            change(task);
        }
    }

    public void Complete(LoopbackTask task, IReadOnlyList<string>? urls)
    {
        (task.Status, task.Progress, task.Completed) = ("completed", 100, timeProvider.GetUtcNow());
        if (urls is null)
            server.Serve(task.Id + ".mp4", Mp4Sample.Bytes(mark: task.Id));
        task.Urls = urls ?? [$"{server.BaseAddress}/files/{task.Id}.mp4"];
    }
}
