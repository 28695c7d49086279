using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Server;

namespace OmniTools.Mcp.Hosting;

/// <summary>
/// Still sends after the input has ended, which the SDK's transport does not: a script may write its requests and close
/// the input at once.
/// </summary>
internal sealed class ServerTransport(Stream input, Stream output) : StreamServerTransport(input, output, "omnitools")
{
    private readonly Stream output = output;
    private readonly SemaphoreSlim turn = new(1);
    private readonly TaskCompletionSource firstResponse = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when a response was sent.</summary>
    public Task FirstResponse => firstResponse.Task;

    public override async Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
    {
        var type = McpJsonUtilities.DefaultOptions.GetTypeInfo<JsonRpcMessage>();
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(message, type), (byte)'\n'];
        await turn.WaitAsync(cancellationToken);
        try
        {
            // Not cancelled: a line that is cut off halfway would corrupt the next message.
            await output.WriteAsync(line, CancellationToken.None);
            await output.FlushAsync(CancellationToken.None);
        }
        finally
        {
            turn.Release();
        }
        if (message is JsonRpcResponse or JsonRpcError)
            firstResponse.TrySetResult();
    }
}
