using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OmniTools.Catalog;
using OmniTools.Sandbox.Providers;

namespace OmniTools.Testing;

/// <summary>Responds as the sandbox does, from tasks that tests control, and serves result files.</summary>
internal sealed class LoopbackRoutes
{
    private const string FilePath = "/files/";
    private static readonly TimeSpan Generation = TimeSpan.FromSeconds(60);

    private readonly LoopbackProvider server;
    private readonly ISandboxProvider provider;
    private readonly SandboxApi api;

    public LoopbackRoutes(LoopbackProvider server, LoopbackTasks tasks, TimeProvider timeProvider)
    {
        this.server = server;
        provider = server.Contract == Contract.ToApis
            ? new ToApisSandbox(() => ModelCatalog.BuiltIn)
            : new ApiMartSandbox(() => ModelCatalog.BuiltIn);
        api = new(provider, tasks, new() { Folder = "", TimeProvider = timeProvider, Duration = Generation });
    }

    public ConcurrentDictionary<string, LoopbackFile> Files { get; } = new();

    public LoopbackResponse Respond(HttpContext context, RecordedRequest recorded, byte[] body)
    {
        using var request = CreateRequest(context, body);
        if (recorded.IsFile)
        {
            using var response = Files.TryGetValue(recorded.Path[FilePath.Length..], out var file)
                ? file.Respond(request)
                : new(HttpStatusCode.NotFound);
            return LoopbackResponse.Read(response);
        }
        if (server.Balance is { } balance && provider.BalancePaths.Contains(recorded.Path))
            return new(200, Encoding.UTF8.GetBytes(balance));
        // Another key is refused like a missing one.
        if (recorded.Authorization != "Bearer " + server.ApiKey)
            request.Headers.Authorization = null;
        using var answer = api.Respond(request, body);
        return LoopbackResponse.Read(answer);
    }

    private HttpRequestMessage CreateRequest(HttpContext context, byte[] body)
    {
        var request = new HttpRequestMessage(new(context.Request.Method),
            provider.Spec.BaseAddress + context.Features.Get<IHttpRequestFeature>()!.RawTarget)
        {
            Content = new ByteArrayContent(body),
        };
        foreach (var (name, value) in context.Request.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value.ToString()))
                request.Content.Headers.TryAddWithoutValidation(name, value.ToString());
        }
        return request;
    }
}
