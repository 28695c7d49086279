using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Server;
using OmniTools.Mcp.Apps;
using OmniTools.Mcp.Protocol;
using OmniTools.Mcp.Session;
using OmniTools.Mcp.TaskExtension;
using OmniTools.Mcp.Tools;

namespace OmniTools.Mcp.Hosting;

/// <summary>
/// Lists the tools and runs them. Arguments are checked and errors become results here and nowhere else.
/// </summary>
internal sealed class ToolRouter(ServerSession session)
{
    private static readonly OmniTool[] Tools =
    [
        new GenerateVideoTool(), new GetVideoTaskTool(), new WaitVideoTaskTool(), new SaveVideoTool(),
        new ListVideoTasksTool(), new ListModelsTool(), new GetProviderStatusTool(),
    ];

    public static ValueTask<ListToolsResult> ListAsync(
        RequestContext<ListToolsRequestParams> request, CancellationToken cancellationToken)
    {
        var tools = Tools.Select(tool => tool.Describe()).ToList();
        if (ClipsView.IsShownBy(request.Server, request.JsonRpcRequest))
            tools.ForEach(tool => tool.Meta = ClipsView.CreateToolMeta(tool.Name));
        return ValueTask.FromResult(new ListToolsResult { Tools = tools });
    }

    public async ValueTask<ResultOrAlternate<CallToolResult>> CallAsync(
        RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        var given = request.Params.Arguments ?? new Dictionary<string, JsonElement>();
        if (Tools.FirstOrDefault(each => each.Name == request.Params.Name) is not { } tool)
            throw CreateUnknownToolError(request.Params.Name);
        var (arguments, errors) = tool.Input.Read(given);
        if (errors.Count > 0)
            return ToolErrors.FromArguments(tool, given, errors);
        var call = new ToolCall(tool, arguments, session, request.Server, request.Params.ProgressToken,
            TaskExtensionSupport.IsDeclared(request.JsonRpcRequest), given);
        try
        {
            return await tool.RunAsync(call, cancellationToken) switch
            {
                TaskResult task => ResultOrAlternate<CallToolResult>.FromAlternate(
                    task, TaskResultJson.Default.TaskResult),
                var answer => (CallToolResult)answer,
            };
        }
        catch (OmniException error)
        {
            return await CreateErrorResultAsync(call, error);
        }
        catch (Exception error)
            when (error is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return ToolErrors.FromDefect(tool, error);
        }
    }

    private static async Task<CallToolResult> CreateErrorResultAsync(ToolCall call, OmniException error)
    {
        try
        {
            return await ToolErrors.FromExceptionAsync(call, error);
        }
        catch (OmniException second)
        {
            // The suggestion reads settings and ledger, which can fail too.
            return ToolErrors.FromDefect(call.Tool, second);
        }
    }

    private static McpProtocolException CreateUnknownToolError(string name) => new(
        $"There is no tool '{ToolErrors.Truncate(ProviderText.Clean(name) ?? "")}'. "
            + $"The tools: {string.Join(", ", Tools.Select(each => each.Name))}.",
        McpErrorCode.InvalidParams);
}
