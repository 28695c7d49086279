using ModelContextProtocol;

namespace OmniTools.Mcp.Tests;

/// <summary>Records the progress of a call.</summary>
internal sealed class ProgressRecorder : IProgress<ProgressNotificationValue>
{
    public List<ProgressNotificationValue> Values { get; } = [];

    public Action<ProgressNotificationValue>? OnEach { get; init; }

    /// <summary>Every number is greater than the last, as the protocol requires.</summary>
    public void AssertIncreasing() => Assert.All(Values.Zip(Values.Skip(1)), pair =>
        Assert.True(pair.Second.Progress > pair.First.Progress));

    public void Report(ProgressNotificationValue value)
    {
        Values.Add(value);
        OnEach?.Invoke(value);
    }
}
