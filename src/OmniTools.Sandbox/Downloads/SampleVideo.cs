using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace OmniTools.Sandbox.Downloads;

/// <summary>One of the four videos that are built in: two orientations, two lengths.</summary>
internal sealed record SampleVideo(byte[] Content, string ETag)
{
    private static readonly ConcurrentDictionary<string, SampleVideo> Read = new();

    public static SampleVideo Get(bool isPortrait, int seconds) =>
        Read.GetOrAdd($"{(isPortrait ? "portrait" : "landscape")}-{seconds}.mp4", static name =>
    {
        using var stream = typeof(SampleVideo).Assembly.GetManifestResourceStream(name)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return new(content, $"\"{Convert.ToHexString(SHA256.HashData(content))[..32].ToLowerInvariant()}\"");
    });
}
