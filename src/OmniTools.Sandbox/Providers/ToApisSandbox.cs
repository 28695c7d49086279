using System.Text.Json.Nodes;
using OmniTools.Catalog;
using OmniTools.Sandbox.Protocol;
using OmniTools.Sandbox.Storage;

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

    public JsonObject WriteState(SandboxTask task, DateTimeOffset now)
    {
        var state = WriteAccepted(task);
        state["status"] = Status(task, now);
        if (task.Key is not null)
            state["client_business_id"] = task.Key;
        var isFailed = task.HasEnded(now) && task.Outcome == SandboxOutcome.Failed;
        state["progress"] = isFailed ? 0 : task.Progress(now);
        if (isFailed)
        {
            state["error"] = new JsonObject
            {
                ["code"] = "generation_failed",
                ["message"] = "The generation failed (sandbox)",
            };
        }
        else if (task.HasEnded(now))
        {
            state["completed_at"] = task.EndsAt.ToUnixTimeSeconds();
            state["expires_at"] = task.ExpiresAt.ToUnixTimeSeconds();
            state["result"] = new JsonObject
            {
                ["type"] = "video",
                ["data"] = task.HasVideo ? new JsonArray(
                    new JsonObject { ["url"] = task.Url, ["format"] = "mp4" }) : new JsonArray(),
            };
        }
        if (task.SampleNote is { } sample)
            state["sample"] = sample;
        return state;
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

    private static string Status(SandboxTask task, DateTimeOffset now) =>
        task.IsQueued(now) ? "queued"
        : !task.HasEnded(now) ? "in_progress"
        : task.Outcome == SandboxOutcome.Failed ? "failed" : "completed";
}
