using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

var echo = new Tool
{
    Name = "echo",
    Description = "Says what it is told.",
    InputSchema = JsonDocument.Parse(
        """{"type":"object","properties":{"text":{"type":"string"}},"required":["text"]}""").RootElement,
};
var options = new McpServerOptions
{
    ServerInfo = new Implementation { Name = "minimal", Version = "1.0.0" },
    Handlers = new McpServerHandlers
    {
        ListToolsHandler = (_, _) => ValueTask.FromResult(new ListToolsResult { Tools = [echo] }),
        CallToolHandler = (call, _) =>
            ValueTask.FromResult(new CallToolResult
            {
                Content = [new TextContentBlock { Text = call.Params!.Arguments!["text"].GetString()! }],
            }),
    },
};
await using var server = McpServer.Create(new StdioServerTransport("minimal"), options);
await server.RunAsync();
