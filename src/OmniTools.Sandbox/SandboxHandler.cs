using OmniTools.Sandbox.Configuration;
using OmniTools.Sandbox.Downloads;
using OmniTools.Sandbox.Providers;
using OmniTools.Sandbox.Storage;

namespace OmniTools.Sandbox;

/// <summary>
/// Answers as both providers do, and as the host their videos are on. Nothing leaves the machine. Safe for use from
/// several threads.
/// </summary>
public sealed class SandboxHandler : HttpMessageHandler
{
    private readonly VideoDownloads downloads;
    private readonly Dictionary<string, SandboxApi> apis;

    /// <summary>Makes a sandbox; no file is opened.</summary>
    public SandboxHandler(SandboxOptions options)
    {
        var store = new SandboxTaskStore(options.Folder);
        downloads = new(store, options.TimeProvider);
        apis = new ISandboxProvider[] { new ToApisSandbox(options.Catalog), new ApiMartSandbox(options.Catalog) }
            .ToDictionary(provider => provider.Spec.BaseAddress, provider => new SandboxApi(provider, store, options));
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // Read to its end before anything else: a body that was not read counts as never sent.
        var body = request.Content is { } content ? await content.ReadAsByteArrayAsync(cancellationToken) : [];
        var origin = request.RequestUri!.GetLeftPart(UriPartial.Authority);
        var response = origin == VideoDownloads.Origin ? downloads.Respond(request)
            : apis.TryGetValue(origin, out var api) ? api.Respond(request, body)
            : throw new HttpRequestException(HttpRequestError.ConnectionError,
            $"The sandbox knows no host {origin}; nothing was sent");
        response.RequestMessage = request;
        return response;
    }
}
