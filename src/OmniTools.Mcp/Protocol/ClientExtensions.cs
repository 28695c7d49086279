using System.Text.Json;
using System.Text.Json.Nodes;

namespace OmniTools.Mcp.Protocol;

/// <summary>
/// The protocol extensions that a client declares: in its handshake or, in the stateless protocol, in each request.
/// </summary>
internal static class ClientExtensions
{
    /// <summary>The settings of an extension, which may be empty; null if it is not declared.</summary>
    /// <param name="request">The request.</param>
    /// <param name="extension">The name of the extension.</param>
    /// <param name="handshake">What the client declared in its handshake, where that counts.</param>
    public static JsonObject? Find(JsonRpcRequest request, string extension, ClientCapabilities? handshake = null) =>
        Find(handshake, extension) ?? Find(request.Context?.ClientCapabilities, extension);

    private static JsonObject? Find(ClientCapabilities? capabilities, string extension) =>
        capabilities?.Extensions?.TryGetValue(extension, out var settings) == true
            ? settings switch
            {
                JsonObject node => node,
                JsonElement { ValueKind: JsonValueKind.Object } element => JsonObject.Create(element)!,
                _ => [],
            }
            : null;
}
