using System.Text.Json.Nodes;
using OmniTools.Catalog;
using OmniTools.Sandbox.Protocol;
using OmniTools.Sandbox.Storage;
using OmniTools.VideoTasks;

namespace OmniTools.Sandbox.Providers;

/// <summary>ToAPIs, as its documents print it.</summary>
internal sealed class ToApisSandbox(Func<ProviderCatalog> catalog) : ISandboxProvider
{
    public ProviderSpec Spec => catalog().GetProvider("toapis");

    public string IdPrefix => "video_";

    public string TaskPath => "/v1/videos/generations/";

    public bool FindsByKey => true;

    public bool MarksReplays => false;

    public IReadOnlyList<string> BalancePaths { get; } = ["/v1/balance"];

    public IReadOnlyDictionary<string, UploadKind> Uploads { get; } = new Dictionary<string, UploadKind>
    {
        ["/v1/uploads/images"] = UploadKind.Image,
        ["/v1/uploads/videos"] = UploadKind.Video,
    };

    public SandboxHttpException CreateModerationError() =>
        new(422, "content_policy_violation", "The prompt was refused by the content policy");

    public SandboxHttpException CreateBalanceError() => new(402, "insufficient_quota", "Insufficient quota");

    public SandboxSubmission ReadSubmission(HttpRequestMessage request, BodyFields body)
    {
        var order = OrderReader.Read(Spec, body, "client_business_id");
        body.GetRequiredText("prompt");
        return order with
        {
            Key = SandboxSubmission.CheckKey(body.GetText("client_business_id"), "client_business_id"),
        };
    }

    public JsonObject Models(IEnumerable<string> ids, Uri address) => new()
    {
        ["success"] = true,
        ["object"] = "list",
        // Without type=video the provider lists its text models.
        ["data"] = address.Query.Contains("type=video", StringComparison.Ordinal)
            ? new JsonArray(
            [.. ids.Select(id => new JsonObject { ["id"] = id, ["object"] = "model", ["owned_by"] = "sandbox" })]) : [],
    };

    public JsonObject WriteAccepted(SandboxTask task) => new()
    {
        ["id"] = task.Id,
        ["object"] = "generation.task",
        ["model"] = task.Model,
        ["status"] = "queued",
        ["created_at"] = task.CreatedAt.ToUnixTimeSeconds(),
    };

    public JsonObject WriteState(SandboxTask task, SandboxTaskState state)
    {
        var body = WriteAccepted(task);
        body["status"] = state.Status.ToWireName();
        if (task.Key is not null)
            body["client_business_id"] = task.Key;
        body["progress"] = state.Progress;
        if (state.Status == VideoTaskStatus.Failed)
        {
            body["error"] = new JsonObject
            {
                ["code"] = state.ErrorCode ?? "generation_failed",
                ["message"] = state.ErrorMessage,
            };
        }
        else if (state.Status == VideoTaskStatus.Completed)
        {
            body["completed_at"] = state.CompletedAt.ToUnixTimeSeconds();
            body["expires_at"] = state.ExpiresAt.ToUnixTimeSeconds();
            body["result"] = new JsonObject
            {
                ["type"] = "video",
                ["data"] = new JsonArray(
                    [.. state.Urls.Select(url => new JsonObject { ["url"] = url, ["format"] = "mp4" })]),
            };
        }
        if (task.SampleNote is { } sample)
            body["sample"] = sample;
        return body;
    }

    public JsonObject WriteUploaded(string id, string url, string mediaType, UploadedFile file, DateTimeOffset now) =>
        new()
        {
            ["success"] = true,
            ["message"] = "",
            ["data"] = new JsonObject
            {
                ["id"] = id,
                ["url"] = url,
                ["mime_type"] = mediaType,
                ["size"] = file.Content.Length,
            },
        };
}
