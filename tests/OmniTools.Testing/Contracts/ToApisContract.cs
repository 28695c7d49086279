using System.Text.Json.Nodes;

namespace OmniTools.Testing;

/// <summary>ToAPIs' answers, in the words of its documentation.</summary>
internal static class ToApisContract
{
    public static JsonObject Accepted(LoopbackTask task) => new()
    {
        ["id"] = task.Id,
        ["object"] = "generation.task",
        ["model"] = task.Model,
        ["status"] = task.Status,
        ["created_at"] = task.Created.ToUnixTimeSeconds(),
    };

    public static JsonObject State(LoopbackTask task)
    {
        var body = Accepted(task);
        body["client_business_id"] = task.Key;
        body["progress"] = task.Progress;
        if (task.Status == "completed")
        {
            body["completed_at"] = task.Completed.ToUnixTimeSeconds();
            body["expires_at"] = task.Completed.AddHours(24).ToUnixTimeSeconds();
            body["result"] = new JsonObject
            {
                ["type"] = "video",
                ["data"] =
                    new JsonArray([.. task.Urls.Select(url => new JsonObject { ["url"] = url, ["format"] = "mp4" })]),
            };
        }
        if (task.Status == "failed")
            body["error"] = new JsonObject { ["code"] = task.ErrorCode, ["message"] = task.ErrorMessage };
        return body;
    }
}
