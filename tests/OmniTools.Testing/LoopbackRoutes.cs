using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace OmniTools.Testing;

/// <summary>Which answer belongs to which address.</summary>
internal sealed class LoopbackRoutes(LoopbackProvider server, LoopbackTasks tasks)
{
    private const string FilePath = "/files/";

    public ConcurrentDictionary<string, LoopbackFile> Files { get; } = new();

    private string TaskPath => server.Contract == Contract.ToApis ? "/v1/videos/generations/" : "/v1/tasks/";

    public LoopbackResponse Answer(HttpContext context, RecordedRequest request)
    {
        if (request.IsFile)
        {
            return Files.TryGetValue(request.Path[FilePath.Length..], out var file)
                ? file.Answer(context.Request)
                : LoopbackResponse.Error(404, "not_found_error", "no such file");
        }
        if (request.Authorization != "Bearer " + server.ApiKey)
            return LoopbackResponse.Error(401, "authentication_error", "invalid api key");
        return (request.Method, request.Path) switch
        {
            ("POST", "/v1/videos/generations") => tasks.Submit(context.Request, request.Body),
            ("GET", var path) when path.StartsWith(TaskPath, StringComparison.Ordinal) =>
                tasks.Read(Uri.UnescapeDataString(path[TaskPath.Length..])),
            ("GET", "/v1/balance") => new(200, Encoding.UTF8.GetBytes(server.Balance)),
            ("POST", "/v1/uploads/images" or "/v1/uploads/videos") => Uploaded(request),
            _ => LoopbackResponse.Error(404, "not_found_error", "no such address"),
        };
    }

    private LoopbackResponse Uploaded(RecordedRequest request)
    {
        var isImage = request.Path.EndsWith("images", StringComparison.Ordinal);
        var url = $"{server.BaseAddress}{FilePath}upload-{server.Requests.Count + 1}{(isImage ? ".jpg" : ".mp4")}";
        var type = isImage ? "image/jpeg" : "video/mp4";
        return LoopbackResponse.Json(200, server.Contract == Contract.ApiMart
            ? new JsonObject
            {
                ["url"] = url,
                ["filename"] = "reference",
                ["content_type"] = type,
                ["bytes"] =
            request.Body.Length,
                ["created_at"] = 1779247407
            }
            : new JsonObject
            {
                ["success"] = true,
                ["message"] = "",
                ["data"] = new JsonObject
                {
                    ["id"] = "upload_1",
                    ["url"] = url,
                    ["mime_type"] = type,
                    ["size"] = request.Body.Length,
                },
            });
    }
}
