using System.Text.Json.Nodes;
using OmniTools.Catalog;
using OmniTools.Sandbox.Protocol;
using OmniTools.Sandbox.Storage;

namespace OmniTools.Sandbox.Providers;

/// <summary>APIMart, as its documents print it.</summary>
internal sealed class ApiMartSandbox : ISandboxProvider
{
    public ProviderSpec Spec { get; } = ModelCatalog.Provider("apimart");

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

    public SandboxSubmission ReadSubmission(HttpRequestMessage request, BodyFields body)
    {
        var rules = Spec.Rules(body.GetRequiredText("model"), out var isKnown);
        var images = body.GetTexts("image_urls");
        var videos = body.GetTexts("video_urls");
        var extend = body.GetText("extend_from_task_id");
        if (isKnown)
        {
            body.AllowOnly("model", "prompt", "image_urls", "video_urls", "aspect_ratio", "resolution",
                "extend_from_task_id");
            body.GetOneOf("resolution", rules.Resolutions!);
            if (images.Count > rules.MaxImages)
                throw SandboxHttpException.Invalid($"image_urls takes at most {rules.MaxImages} images");
            if (videos.Count > rules.MaxVideos)
                throw SandboxHttpException.Invalid($"video_urls takes at most {rules.MaxVideos} video");
            if (!images.All(IsUrl))
                throw SandboxHttpException.Invalid("Each of image_urls has to be an http(s) URL");
            if (!videos.All(each => IsUrl(each) || each.StartsWith("data:video/", StringComparison.OrdinalIgnoreCase)))
                throw SandboxHttpException.Invalid("video_urls has to be an http(s) URL or data:video/...");
            if (extend is not null && videos.Count > 0)
                throw SandboxHttpException.Invalid("video_urls and extend_from_task_id exclude each other");
        }
        var prompt = body.GetText("prompt");
        if (string.IsNullOrWhiteSpace(prompt) && images.Count + videos.Count == 0)
            throw SandboxHttpException.Invalid("prompt or reference materials are required");
        return new(body.GetRequiredText("model"), prompt)
        {
            Key = SandboxSubmission.CheckKey(
                request.Headers.NonValidated.TryGetValues("Idempotency-Key", out var keys) ? keys.ToString() : null,
                "Idempotency-Key"),
            // Any other value is silently treated as 16:9: the provider prints it so.
            IsPortrait = body.GetText("aspect_ratio") == "9:16",
            ExtendFrom = extend,
        };
    }

    public JsonObject WriteAccepted(SandboxTask task) => new()
    {
        ["code"] = 200,
        ["data"] = new JsonArray(new JsonObject { ["status"] = "submitted", ["task_id"] = task.Id }),
    };

    public JsonObject WriteState(SandboxTask task, DateTimeOffset now)
    {
        var hasEnded = task.HasEnded(now);
        var isFailed = hasEnded && task.Outcome == SandboxOutcome.Failed;
        var seconds = (long)Math.Ceiling(task.Duration.TotalSeconds);
        var data = new JsonObject
        {
            ["id"] = task.Id,
            ["status"] =
                task.IsQueued(now) ? "submitted" : !hasEnded ? "processing" : isFailed ? "failed" : "completed",
            ["progress"] = isFailed ? 0 : task.Progress(now),
            ["created"] = task.CreatedAt.ToUnixTimeSeconds(),
            ["estimated_time"] = seconds,
        };
        if (isFailed)
        {
            data["error"] = new JsonObject
            {
                ["code"] = 500,
                ["message"] = "The generation failed (sandbox)",
                ["type"] = "server_error",
            };
        }
        else if (hasEnded)
        {
            data["completed"] = task.EndsAt.ToUnixTimeSeconds();
            data["actual_time"] = seconds;
            data["cost"] = 1.0m;
            data["credits_cost"] = 10;
            data["result"] = new JsonObject { ["videos"] = Videos(task) };
        }
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

    private static JsonArray Videos(SandboxTask task) => task.HasVideo
        ? new JsonArray(
        new JsonObject { ["url"] = new JsonArray(task.Url), ["expires_at"] = task.ExpiresAt.ToUnixTimeSeconds() })
        : [];

    private static bool IsUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);
}
