using System.Text.Json.Nodes;

namespace OmniTools.Testing;

/// <summary>APIMart's answers, in the words of its documentation.</summary>
internal static class ApiMartContract
{
    public static JsonObject Accepted(LoopbackTask task) => new()
    {
        ["code"] = 200,
        ["data"] = new JsonArray(new JsonObject { ["status"] = "submitted", ["task_id"] = task.Id }),
    };

    public static JsonObject State(LoopbackTask task)
    {
        var data = new JsonObject
        {
            ["id"] = task.Id,
            ["status"] =
                task.Status switch { "queued" => "submitted", "in_progress" => "processing", var word => word },
            ["progress"] = task.Progress,
            ["created"] = task.Created.ToUnixTimeSeconds(),
            ["estimated_time"] = 60,
        };
        if (task.Status == "completed")
        {
            data["completed"] = task.Completed.ToUnixTimeSeconds();
            data["actual_time"] = 40;
            data["cost"] = 1.0;
            data["credits_cost"] = 10;
            data["result"] = new JsonObject
            {
                ["videos"] = new JsonArray([.. task.Urls.Select(url => new JsonObject
                {
                    ["url"] = new JsonArray(url),
                    ["expires_at"] = task.Completed.AddHours(24).ToUnixTimeSeconds(),
                })]),
            };
        }
        if (task.Status == "failed")
            data["error"] = new JsonObject
            {
                ["code"] = int.TryParse(task.ErrorCode, out var code) ? code : task.ErrorCode,
                ["message"] = task.ErrorMessage,
                ["type"] = "generation_error",
            };
        return new() { ["code"] = 200, ["data"] = data };
    }
}
