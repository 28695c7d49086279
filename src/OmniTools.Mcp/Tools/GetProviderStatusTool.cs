using OmniTools.Mcp.Protocol;
using OmniTools.Mcp.Protocol.Parameters;
using OmniTools.Mcp.Results;
using OmniTools.Mcp.Status;

namespace OmniTools.Mcp.Tools;

/// <summary>Reports readiness, balances, spending, and videos whose URLs expire soon.</summary>
internal sealed class GetProviderStatusTool() : OmniTool(
    "get_provider_status",
    "Get provider status",
    "Readiness of every provider: key, balance, the last refusal, what each model takes and costs, which "
    + "provider a call without one goes to, today's spend against the limits, and unsaved videos about to "
    + "expire. Free; up to 5 s. Use it before the first clip and after errors about keys, balance or limits.",
    new() { ReadOnlyHint = true, IdempotentHint = true, OpenWorldHint = true },
    new InputSchema())
{
    public override async Task<Result> RunAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var status = await StatusReport.CreateAsync(call.Session, cancellationToken);
        return ToolResult.Create(
            status, ResultJson.Default.ProviderStatusResult, string.Join('\n', StatusReport.ToLines(status)));
    }
}
