using System.Text.Json.Nodes;
using OmniTools.Catalog;
using OmniTools.Sandbox.Protocol;
using OmniTools.Sandbox.Storage;
using OmniTools.VideoTasks;

namespace OmniTools.Sandbox.Providers;

/// <summary>APIMart, as its documents print it.</summary>
internal sealed class ApiMartSandbox(Func<ProviderCatalog> catalog) : ISandboxProvider
{
    public ProviderSpec Spec => catalog().GetProvider("apimart");

    public string IdPrefix => "task_";

    public string TaskPath => "/v1/tasks/";

    public bool FindsByKey => false;

    public bool MarksReplays => true;

    public IReadOnlyList<string> BalancePaths { get; } = ["/v1/balance", "/v1/user/balance"];

    public IReadOnlyDictionary<string, UploadKind> Uploads { get; } = new Dictionary<string, UploadKind>
    {
        ["/v1/uploads/images"] = UploadKind.Image,
    };

    public SandboxHttpException CreateModerationError() =>
        new(400, "content_policy_violation", "The prompt was refused by the content policy");

    public SandboxHttpException CreateBalanceError() => new(402, "payment_required", "Insufficient balance");

    public SandboxSubmission ReadSubmission(HttpRequestMessage request, BodyFields body) =>
        OrderReader.Read(Spec, body) with
        {
            Key = SandboxSubmission.CheckKey(
            request.Headers.NonValidated.TryGetValues("Idempotency-Key", out var keys) ? keys.ToString() : null,
            "Idempotency-Key"),
        };

    public JsonObject Models(IEnumerable<string> ids, Uri address) => new()
    {
        ["object"] = "list",
        ["success"] = true,
        ["data"] = new JsonArray(
            [.. ids.Select(id => new JsonObject { ["id"] = id, ["category"] = "video", ["owned_by"] = "sandbox" })]),
    };

    public JsonObject WriteAccepted(SandboxTask task) => new()
    {
        ["code"] = 200,
        ["data"] = new JsonArray(new JsonObject { ["status"] = "submitted", ["task_id"] = task.Id }),
    };

    public JsonObject WriteState(SandboxTask task, SandboxTaskState state)
    {
        var seconds = (long)Math.Ceiling(task.Duration.TotalSeconds);
        var data = new JsonObject
        {
            ["id"] = task.Id,
            ["status"] = state.Status switch
            {
                VideoTaskStatus.Queued => "submitted",
                VideoTaskStatus.InProgress => "processing",
                var other => other.ToWireName(),
            },
            ["progress"] = state.Progress,
            ["created"] = task.CreatedAt.ToUnixTimeSeconds(),
            ["estimated_time"] = seconds,
        };
        if (state.Status == VideoTaskStatus.Failed)
        {
            data["error"] = new JsonObject
            {
                ["code"] = state.ErrorCode is { } code ? (JsonNode)code : 500,
                ["message"] = state.ErrorMessage,
                ["type"] = "server_error",
            };
        }
        else if (state.Status == VideoTaskStatus.Completed)
        {
            data["completed"] = state.CompletedAt.ToUnixTimeSeconds();
            data["actual_time"] = seconds;
            data["cost"] = task.Cost;
            data["credits_cost"] = task.Cost * 10;
            data["result"] = new JsonObject
            {
                ["videos"] = new JsonArray([.. state.Urls.Select(url => new JsonObject
                {
                    ["url"] = new JsonArray(url),
                    ["expires_at"] = state.ExpiresAt.ToUnixTimeSeconds(),
                })]),
            };
        }
        if (task.SampleNote is { } sample)
            data["sample"] = sample;
        return new() { ["code"] = 200, ["data"] = data };
    }

    public JsonObject WriteUploaded(string id, string url, string mediaType, UploadedFile file, DateTimeOffset now) =>
        new()
        {
            ["url"] = url,
            ["filename"] = file.Name,
            ["content_type"] = mediaType,
            ["bytes"] = file.Content.Length,
            ["created_at"] = now.ToUnixTimeSeconds(),
        };
}
