using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace OmniTools.Testing;

/// <summary>
/// A result file, served with everything a download can ask for: HEAD, Range, If-Range, a strong ETag.
/// </summary>
internal sealed record LoopbackFile(byte[] Content, string ContentType)
{
    public string ETag { get; } = $"\"{Convert.ToHexString(SHA256.HashData(Content))[..16]}\"";

    public LoopbackResponse Answer(HttpRequest request)
    {
        var headers = new Dictionary<string, string> { ["ETag"] = ETag, ["Accept-Ranges"] = "bytes" };
        var isSame = !request.Headers.TryGetValue("If-Range", out var known) || known == ETag;
        if (!isSame || !RangeHeaderValue.TryParse(request.Headers.Range.ToString(), out var range)
            || range.Ranges.Count != 1)
            return new(200, Content, ContentType) { Headers = headers };
        var asked = range.Ranges.First();
        var from = asked.From ?? Math.Max(0, Content.Length - asked.To!.Value);
        var to = Math.Min(asked.From is null ? Content.Length - 1 : asked.To ?? Content.Length - 1, Content.Length - 1);
        if (from > to)
            return new(416, [], ContentType)
            {
                Headers = new(headers)
                {
                    ["Content-Range"] = string.Create(CultureInfo.InvariantCulture, $"bytes */{Content.Length}"),
                },
            };
        return new(206, Content[(int)from..(int)(to + 1)], ContentType)
        {
            Headers = new(headers)
            {
                ["Content-Range"] =
                string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{to}/{Content.Length}")
            },
        };
    }
}
