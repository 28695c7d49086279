using ModelContextProtocol;

namespace OmniTools.Mcp.Tests;

/// <summary>Keeps what was told of a call's progress, in order.</summary>
internal sealed class ProgressRecorder : IProgress<ProgressNotificationValue>
{
    public List<ProgressNotificationValue> Values { get; } = [];

    public Action? OnFirst { get; init; }

    public Action<ProgressNotificationValue>? OnEach { get; init; }

    public void Report(ProgressNotificationValue value)
    {
        Values.Add(value);
        OnEach?.Invoke(value);
        if (Values.Count == 1)
            OnFirst?.Invoke();
    }
}
