using ModelContextProtocol.Server;
using OmniTools.Diagnostics;
using OmniTools.Mcp.Protocol;

namespace OmniTools.Mcp.Hosting;

/// <summary>
/// Logs requests, HTTP exchanges, retries and the ledger, to find out why something does not work. Prompts, headers and
/// bodies are not logged, so no key is.
/// </summary>
internal sealed class DebugLog(TextWriter writer, TimeProvider timeProvider) : IDisposable
{
    private TraceSubscription? trace;

    /// <summary>Writes the trace of Core for everything that is started from now on.</summary>
    public void Listen() => trace = TraceSubscription.Start((_, line) => Write(line));

    /// <summary>Writes a line when a request arrives and when it has been handled.</summary>
    public McpMessageHandler Trace(McpMessageHandler next) =>
        async (context, cancellationToken) =>
        {
            if (context.JsonRpcMessage is not JsonRpcRequest request)
            {
                await next(context, cancellationToken);
                return;
            }
            var subject = ProviderText.Clean(ToolCall.ReadName(request));
            var name = $"request {request.Id} {ProviderText.Clean(request.Method)} {subject}".TrimEnd();
            var began = timeProvider.GetTimestamp();
            Write(name);
            try
            {
                await next(context, cancellationToken);
            }
            finally
            {
                Write($"{name}: done after {timeProvider.GetElapsedTime(began).TotalMilliseconds:0} ms");
            }
        };

    public void Dispose() => trace?.Dispose();

    private void Write(string line)
    {
        try
        {
            writer.WriteLine($"{timeProvider.GetUtcNow():HH:mm:ss.fff} {line}");
        }
        catch (IOException)
        {
            // stderr cannot be written to. Losing the line is better than losing the call.
        }
    }
}
