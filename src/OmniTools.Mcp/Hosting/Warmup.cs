using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using OmniTools.Catalog;

namespace OmniTools.Mcp.Hosting;

/// <summary>
/// What the first messages need is made on a second thread while the first one puts the server together: a conversation
/// begins when the slowest of its servers has answered. No setting is looked at, no file opened, nothing written or
/// sent.
/// </summary>
internal static class Warmup
{
    public static void Start() => ThreadPool.UnsafeQueueUserWorkItem(static _ => Run(), null);

    private static void Run()
    {
        Hello(McpJsonUtilities.DefaultOptions);
        Call(McpJsonUtilities.DefaultOptions);
    }

    private static void Hello(JsonSerializerOptions options)
    {
        const string Line =
            """{"jsonrpc":"2.0","id":0,"method":"initialize","params":"""
                + """{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"","version":""}}}""";
        var message = (JsonRpcRequest)JsonSerializer.Deserialize(Line, options.GetTypeInfo<JsonRpcMessage>())!;
        message.Params.Deserialize(options.GetTypeInfo<InitializeRequestParams>());
        var answer = JsonSerializer.SerializeToNode(
            new InitializeResult
            {
                ProtocolVersion = "",
                Capabilities = new(),
                ServerInfo = new() { Name = "", Version = "" },
            },
            options.GetTypeInfo<InitializeResult>());
        JsonSerializer.SerializeToUtf8Bytes(
            new JsonRpcResponse { Id = message.Id, Result = answer }, options.GetTypeInfo<JsonRpcMessage>());
    }

    private static void Call(JsonSerializerOptions options)
    {
        JsonSerializer.Deserialize("""{"name":"","arguments":{"a":0}}""", options.GetTypeInfo<CallToolRequestParams>());
        JsonSerializer.SerializeToNode(
            new CallToolResult { Content = [new TextContentBlock { Text = "" }] },
            options.GetTypeInfo<CallToolResult>());
        _ = ModelCatalog.Providers;
    }
}
