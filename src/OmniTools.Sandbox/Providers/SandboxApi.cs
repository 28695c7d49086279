using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OmniTools.Sandbox.Downloads;
using OmniTools.Sandbox.Storage;

namespace OmniTools.Sandbox.Providers;

/// <summary>The endpoints of one provider.</summary>
internal sealed class SandboxApi(ISandboxProvider provider, TaskStore store, SandboxOptions options)
{
    private const string Generations = "/v1/videos/generations";
    private const string ModelList = "/v1/models";
    private const int SlowFactor = 10;

    public HttpResponseMessage Answer(HttpRequestMessage request, byte[] body)
    {
        try
        {
            return Route(request, body, request.RequestUri!.AbsolutePath);
        }
        catch (Refusal refusal)
        {
            var response = Json(refusal.ToJson(), (HttpStatusCode)refusal.Status);
            if (refusal.RetryAfter is { } wait)
                response.Headers.RetryAfter = new(wait);
            return response;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            return Json(Refusal.Broken($"The sandbox cannot use its folder: {failure.Message}").ToJson(), HttpStatusCode.InternalServerError);
        }
    }

    private HttpResponseMessage Route(HttpRequestMessage request, byte[] body, string path)
    {
        var isKeyed = request.Headers.Authorization is { Scheme: "Bearer", Parameter.Length: > 0 };
        var (isGet, isPost) = (request.Method == HttpMethod.Get, request.Method == HttpMethod.Post);
        // The balance endpoints answer a refused key with 200, as the real ones do.
        if (provider.BalancePaths.Contains(path))
            return isGet ? Json(Balance(isKeyed)) : throw Refusal.MethodNotAllowed();
        if (!isKeyed)
            throw Refusal.Unauthenticated();
        if (path == ModelList)
            return isGet ? Json(provider.Models(provider.Spec.Models.Select(model => model.Id), request.RequestUri!)) : throw Refusal.MethodNotAllowed();
        if (path == Generations)
            return isPost ? Submit(request, body) : throw Refusal.MethodNotAllowed();
        if (provider.Uploads.TryGetValue(path, out var kind))
            return isPost ? Upload(request, body, kind) : throw Refusal.MethodNotAllowed();
        if (path.StartsWith(provider.TaskPath, StringComparison.Ordinal))
            return isGet ? Json(State(Uri.UnescapeDataString(path[provider.TaskPath.Length..]))) : throw Refusal.MethodNotAllowed();
        throw Refusal.NotFound("There is no such endpoint");
    }

    private HttpResponseMessage Submit(HttpRequestMessage request, byte[] body)
    {
        if (request.Content?.Headers.ContentType?.MediaType != "application/json")
            throw Refusal.Invalid("Content-Type has to be application/json");
        var order = provider.Read(request, BodyFields.Parse(body));
        var id = SandboxId.Of(provider.IdPrefix, order.Key);
        if (order.Key is not null && store.Find(id) is { } existing)
            return Accepted(existing, isReplay: true);

        if (order.ExtendFrom is { } earlier && (Find(earlier) is not { HasVideo: true } found || !found.HasEnded(Now)))
            throw Refusal.Invalid("extend_from_task_id has to be a completed task");
        if (SandboxWords.Has(order.Prompt, SandboxWords.Moderated))
            throw provider.Moderated();
        if (SandboxWords.Has(order.Prompt, SandboxWords.NoBalance))
            throw provider.NoBalance();
        if (SandboxWords.Has(order.Prompt, SandboxWords.RateLimited) && store.IsFirst(order.Key is null ? SandboxId.Of(provider.IdPrefix, SHA256.HashData(body)) : id))
            throw Refusal.RateLimited();

        var (task, isNew) = store.Add(TaskOf(id, order));
        return isNew && SandboxWords.Has(order.Prompt, SandboxWords.LostAnswer)
            ? throw new HttpRequestException(HttpRequestError.ResponseEnded, "The connection broke before the answer (sandbox)")
            : Accepted(task, isReplay: !isNew);
    }

    private SandboxTask TaskOf(string id, SandboxOrder order) => new()
    {
        Id = id,
        Key = order.Key,
        Model = order.Model,
        IsPortrait = order.IsPortrait,
        Seconds = order.Seconds,
        SampleNote = order.SampleNote,
        Cost = order.Cost,
        CreatedAt = Now,
        Duration = options.Duration * (SandboxWords.Has(order.Prompt, SandboxWords.Slow) ? SlowFactor : 1),
        Outcome = SandboxWords.Has(order.Prompt, SandboxWords.Fail) ? SandboxOutcome.Failed
            : SandboxWords.Has(order.Prompt, SandboxWords.NoVideo) ? SandboxOutcome.NoVideo
            : SandboxWords.Has(order.Prompt, SandboxWords.Expired) ? SandboxOutcome.Expired
            : SandboxOutcome.Completed,
    };

    private HttpResponseMessage Accepted(SandboxTask task, bool isReplay)
    {
        var response = Json(provider.Accepted(task));
        if (isReplay && provider.MarksReplays)
            response.Headers.Add("idempotency-replayed", "true");
        return response;
    }

    private JsonObject State(string idOrKey) => provider.State(Find(idOrKey) ?? throw Refusal.NotFound("There is no such task"), Now);

    private SandboxTask? Find(string idOrKey) =>
        (SandboxId.IsValid(provider.IdPrefix, idOrKey) ? store.Find(idOrKey) : null)
        ?? (provider.FindsByKey ? store.Find(SandboxId.Of(provider.IdPrefix, idOrKey)) : null);

    private HttpResponseMessage Upload(HttpRequestMessage request, byte[] body, UploadKind kind)
    {
        var file = UploadedFile.Read(request.Content, body);
        var type = file.Check(kind);
        var id = SandboxId.Of("file_", key: null);
        return Json(provider.Uploaded(id, $"{VideoDownloads.Origin}/uploads/{id}.{type[(type.IndexOf('/', StringComparison.Ordinal) + 1)..]}", type, file, Now));
    }

    private static JsonObject Balance(bool isKeyed) => isKeyed
        ? new() { ["success"] = true, ["remain_balance"] = 1000.0m, ["used_balance"] = 0.0m, ["unlimited_quota"] = false }
        : new() { ["success"] = false, ["message"] = "Invalid token" };

    private DateTimeOffset Now => options.Time.GetUtcNow();

    private static HttpResponseMessage Json(JsonObject body, HttpStatusCode status = HttpStatusCode.OK) =>
        new(status) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
}
