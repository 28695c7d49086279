using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using ModelContextProtocol.Protocol;

namespace OmniTools.Mcp.Hosting;

/// <summary>
/// A transport that knows which requests have no response yet: a script may write its requests and close the input at
/// once, and still gets its responses.
/// </summary>
internal sealed class RequestTrackingTransport(ITransport inner) : ChannelReader<JsonRpcMessage>, ITransport
{
    private readonly Lock gate = new();
    private readonly HashSet<RequestId> open = [];
    private readonly TaskCompletionSource answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource firstResponse = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool isDraining;

    public string? SessionId => inner.SessionId;

    public ChannelReader<JsonRpcMessage> MessageReader => this;

    public override Task Completion => inner.MessageReader.Completion;

    /// <summary>Completes when a response was sent.</summary>
    public Task FirstResponse => firstResponse.Task;

    /// <summary>
    /// Completes when every request received so far has its response. Call it when no more are received.
    /// </summary>
    public Task WhenAnsweredAsync()
    {
        lock (gate)
        {
            isDraining = true;
            CheckAnswered();
        }
        return answered.Task;
    }

    public override bool TryRead([MaybeNullWhen(false)] out JsonRpcMessage item)
    {
        lock (gate)
        {
            if (!inner.MessageReader.TryRead(out item))
                return false;
            if (item is JsonRpcRequest request)
                open.Add(request.Id);
            CheckAnswered();
            return true;
        }
    }

    public override ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default) =>
        inner.MessageReader.WaitToReadAsync(cancellationToken);

    public async Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
    {
        await inner.SendMessageAsync(message, cancellationToken);
        if (message is not (JsonRpcResponse or JsonRpcError))
            return;
        firstResponse.TrySetResult();
        lock (gate)
        {
            open.Remove(((JsonRpcMessageWithId)message).Id);
            CheckAnswered();
        }
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private void CheckAnswered()
    {
        if (isDraining && open.Count == 0 && !inner.MessageReader.TryPeek(out _))
            answered.TrySetResult();
    }
}
