using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using OmniTools.Errors;
using OmniTools.Mcp.Apps;
using OmniTools.Mcp.TaskExtension;
using OmniTools.Mcp.Tools;

namespace OmniTools.Mcp.Serving;

/// <summary>Lists the tools and runs them: the one place where arguments are checked and errors become answers.</summary>
internal sealed class ToolRouter(Session session)
{
    private static readonly IOmniTool[] Tools =
        [new GenerateVideoTool(), new GetVideoTaskTool(), new WaitVideoTaskTool(), new SaveVideoTool(), new ListVideoTasksTool(), new GetProviderStatusTool()];

    public static ValueTask<ListToolsResult> ListAsync(RequestContext<ListToolsRequestParams> request, CancellationToken cancellationToken)
    {
        var hasViews = AppDeclaration.IsOn(request.Server, request.JsonRpcRequest);
        return ValueTask.FromResult(new ListToolsResult { Tools = [.. Tools.Select(tool => Describe(tool, hasViews))] });
    }

    public async ValueTask<ResultOrAlternate<CallToolResult>> CallAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        var given = request.Params.Arguments;
        if (Tools.FirstOrDefault(each => each.Name == request.Params.Name) is not { } tool)
            throw new McpProtocolException($"There is no tool '{ToolErrors.Short(ProviderText.Clean(request.Params.Name) ?? "")}'. The tools: {string.Join(", ", Tools.Select(each => each.Name))}.", McpErrorCode.InvalidParams);
        var (arguments, mistakes) = tool.Input.Read(given);
        if (mistakes.Count > 0)
            return ToolErrors.WrongCall(tool, given, mistakes);
        var call = new ToolCall(arguments, session, request.Server, request.Params.ProgressToken,
            TaskDeclaration.IsOn(request.JsonRpcRequest), given);
        try
        {
            return await tool.RunAsync(call, cancellationToken) switch
            {
                TaskMessage task => ResultOrAlternate<CallToolResult>.FromAlternate(task, TaskJson.Default.TaskMessage),
                var answer => (CallToolResult)answer,
            };
        }
        catch (OmniException error)
        {
            return Explain(tool, call, error);
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return ToolErrors.Unexpected(tool, error);
        }
    }

    private static CallToolResult Explain(IOmniTool tool, ToolCall call, OmniException error)
    {
        try
        {
            return ToolErrors.From(tool, call, error);
        }
        catch (OmniException second)
        {
            // What would explain it cannot be read either.
            return ToolErrors.Unexpected(tool, second);
        }
    }

    private static Tool Describe(IOmniTool tool, bool hasViews) => new()
    {
        Name = tool.Name,
        Title = tool.Title,
        Description = tool.Description,
        InputSchema = tool.Input.ToJson(),
        OutputSchema = JsonElement.Parse(tool.OutputSchema),
        Annotations = tool.Annotations,
        Meta = hasViews ? ClipsView.MetaOf(tool.Name) : null,
    };
}
