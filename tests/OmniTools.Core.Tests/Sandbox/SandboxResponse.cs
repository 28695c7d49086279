using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace OmniTools.Core.Tests.Sandbox;

/// <summary>One answer, read to its end.</summary>
internal sealed record SandboxResponse(int Status, byte[] Bytes, HttpResponseHeaders Headers,
    HttpContentHeaders ContentHeaders)
{
    public JsonNode Json => JsonNode.Parse(Bytes)!;

    public bool IsReplay => Headers.TryGetValues("idempotency-replayed", out var values) && values.Single() == "true";
}
