using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OmniTools.Sandbox.Configuration;
using OmniTools.Sandbox.Downloads;
using OmniTools.Sandbox.Protocol;
using OmniTools.Sandbox.Storage;

namespace OmniTools.Sandbox.Providers;

/// <summary>The endpoints of one provider.</summary>
internal sealed class SandboxApi(ISandboxProvider provider, ISandboxTaskStore store, SandboxOptions options)
{
    private const string Generations = "/v1/videos/generations";
    private const string ModelList = "/v1/models";
    private const int SlowFactor = 10;

    public HttpResponseMessage Respond(HttpRequestMessage request, byte[] body)
    {
        try
        {
            return Route(request, body, request.RequestUri!.AbsolutePath);
        }
        catch (SandboxHttpException refusal)
        {
            var response = CreateResponse(refusal.ToJson(), (HttpStatusCode)refusal.Status);
            if (refusal.RetryAfter is { } wait)
                response.Headers.RetryAfter = new(wait);
            return response;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            return CreateResponse(SandboxHttpException.ConnectionLost(
                $"The sandbox cannot use its folder: {failure.Message}").ToJson(), HttpStatusCode.InternalServerError);
        }
    }

    private HttpResponseMessage Route(HttpRequestMessage request, byte[] body, string path)
    {
        var isKeyed = request.Headers.Authorization is { Scheme: "Bearer", Parameter.Length: > 0 };
        var (isGet, isPost) = (request.Method == HttpMethod.Get, request.Method == HttpMethod.Post);
        // The balance endpoints answer a refused key with 200, as the real ones do.
        if (provider.BalancePaths.Contains(path))
            return isGet ? CreateResponse(GetBalance(isKeyed)) : throw SandboxHttpException.MethodNotAllowed();
        if (!isKeyed)
            throw SandboxHttpException.Unauthenticated();
        if (path == ModelList)
            return isGet ? CreateResponse(
                provider.Models(provider.Spec.Models.Select(model => model.Id), request.RequestUri!))
                : throw SandboxHttpException.MethodNotAllowed();
        if (path == Generations)
            return isPost ? Submit(request, body) : throw SandboxHttpException.MethodNotAllowed();
        if (provider.Uploads.TryGetValue(path, out var kind))
            return isPost ? Upload(request, body, kind) : throw SandboxHttpException.MethodNotAllowed();
        if (path.StartsWith(provider.TaskPath, StringComparison.Ordinal))
            return isGet ? CreateResponse(
                GetState(Uri.UnescapeDataString(path[provider.TaskPath.Length..])))
                : throw SandboxHttpException.MethodNotAllowed();
        throw SandboxHttpException.NotFound("There is no such endpoint");
    }

    private HttpResponseMessage Submit(HttpRequestMessage request, byte[] body)
    {
        if (request.Content?.Headers.ContentType?.MediaType != "application/json")
            throw SandboxHttpException.Invalid("Content-Type has to be application/json");
        var order = provider.ReadSubmission(request, BodyFields.Parse(body));
        var id = SandboxId.Create(provider.IdPrefix, order.Key);
        if (order.Key is not null && store.FindSubmitted(id) is { } existing)
            return RespondAccepted(existing, isReplay: true);

        if (order.ExtendFrom is { } earlier && (Find(earlier) is not { } found
            || store.GetState(found, Now).Urls.Count == 0))
            throw SandboxHttpException.Invalid("extend_from_task_id has to be a completed task");
        if (SandboxTriggers.Contains(order.Prompt, SandboxTriggers.Moderated))
            throw provider.CreateModerationError();
        if (SandboxTriggers.Contains(order.Prompt, SandboxTriggers.NoBalance))
            throw provider.CreateBalanceError();
        if (SandboxTriggers.Contains(order.Prompt, SandboxTriggers.RateLimited)
            && store.IsFirst(order.Key is null ? SandboxId.Create(provider.IdPrefix, SHA256.HashData(body)) : id))
            throw SandboxHttpException.RateLimited();

        var (task, isNew) = store.Add(CreateTask(id, order));
        return isNew && SandboxTriggers.Contains(order.Prompt, SandboxTriggers.LostAnswer)
            ? throw new HttpRequestException(HttpRequestError.ResponseEnded,
            "The connection broke before the answer (sandbox)")
            : RespondAccepted(task, isReplay: !isNew);
    }

    private SandboxTask CreateTask(string id, SandboxSubmission order) => new()
    {
        Id = id,
        Key = order.Key,
        Model = order.Model,
        IsPortrait = order.IsPortrait,
        Seconds = order.Seconds,
        SampleNote = order.SampleNote,
        Cost = order.Cost,
        CreatedAt = Now,
        Duration = options.Duration * (SandboxTriggers.Contains(order.Prompt, SandboxTriggers.Slow) ? SlowFactor : 1),
        Outcome = SandboxTriggers.Contains(order.Prompt, SandboxTriggers.Fail) ? SandboxOutcome.Failed
            : SandboxTriggers.Contains(order.Prompt, SandboxTriggers.NoVideo) ? SandboxOutcome.NoVideo
            : SandboxTriggers.Contains(order.Prompt, SandboxTriggers.Expired) ? SandboxOutcome.Expired
            : SandboxOutcome.Completed,
    };

    private HttpResponseMessage RespondAccepted(SandboxTask task, bool isReplay)
    {
        var response = CreateResponse(provider.WriteAccepted(task));
        if (isReplay && provider.MarksReplays)
            response.Headers.Add("idempotency-replayed", "true");
        return response;
    }

    private JsonObject GetState(string idOrKey)
    {
        var task = Find(idOrKey) ?? throw SandboxHttpException.NotFound("There is no such task");
        return provider.WriteState(task, store.GetState(task, Now));
    }

    private SandboxTask? Find(string idOrKey) =>
        (SandboxId.IsValid(provider.IdPrefix, idOrKey) ? store.Find(idOrKey) : null)
        ?? (provider.FindsByKey ? store.Find(SandboxId.Create(provider.IdPrefix, idOrKey)) : null);

    private HttpResponseMessage Upload(HttpRequestMessage request, byte[] body, UploadKind kind)
    {
        var file = UploadedFile.Read(request.Content, body);
        var type = file.Check(kind);
        var id = SandboxId.Create("file_", key: null);
        return CreateResponse(provider.WriteUploaded(id,
            $"{VideoDownloads.Origin}/uploads/{id}.{type[(type.IndexOf('/', StringComparison.Ordinal) + 1)..]}", type,
            file, Now));
    }

    private static JsonObject GetBalance(bool isKeyed) => isKeyed
        ? new()
        {
            ["success"] = true,
            ["remain_balance"] = 1000.0m,
            ["used_balance"] = 0.0m,
            ["unlimited_quota"] = false,
        }
        : new() { ["success"] = false, ["message"] = "Invalid token" };

    private DateTimeOffset Now => options.TimeProvider.GetUtcNow();

    private static HttpResponseMessage CreateResponse(JsonObject body, HttpStatusCode status = HttpStatusCode.OK) =>
        new(status) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
}
