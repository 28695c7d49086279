using System.Security.Cryptography;
using OmniTools.Sandbox.Downloads;

namespace OmniTools.Testing;

/// <summary>A result file, served as the sandbox serves its videos.</summary>
internal sealed class LoopbackFile(byte[] content, string contentType)
{
    private readonly SampleVideo video = new(content, $"\"{Convert.ToHexString(SHA256.HashData(content))[..16]}\"");

    public HttpResponseMessage Respond(HttpRequestMessage request)
    {
        var response = VideoDownloads.Respond(request, video);
        response.Content.Headers.ContentType = new(contentType);
        return response;
    }
}
