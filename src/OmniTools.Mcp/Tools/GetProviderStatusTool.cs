using ModelContextProtocol.Protocol;
using OmniTools.Mcp.Protocol;
using OmniTools.Mcp.Protocol.Parameters;
using OmniTools.Mcp.Results;
using OmniTools.Mcp.Status;

namespace OmniTools.Mcp.Tools;

/// <summary>Reports readiness, balances, spending, and videos whose URLs expire soon.</summary>
internal sealed class GetProviderStatusTool : ITool
{
    public string Name => "get_provider_status";

    public string Title => "Get provider status";

    public string Description =>
        "Readiness of every provider: key, balance, the last refusal, what each model takes and costs, which "
        + "provider a call without one goes to, today's spend against the limits, and unsaved videos about to "
        + "expire. Free; up to 5 s. Use it before the first clip and after errors about keys, balance or limits.";

    public InputSchema Input => field ??= new();

    public ToolAnnotations Annotations =>
        new() { ReadOnlyHint = true, IdempotentHint = true, OpenWorldHint = true };

    public async Task<Result> RunAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var status = await StatusReport.CreateAsync(call.Session, cancellationToken);
        return ToolResult.Create(
            status, ResultJson.Default.ProviderStatusResult, string.Join('\n', StatusReport.ToLines(status)));
    }
}
