using System.Diagnostics;

namespace OmniTools.Mcp.Tests;

/// <summary>
/// A clock that runs as the system's does, from a noon on: no test begins on one day and ends on the next.
/// </summary>
internal sealed class NoonClock : TimeProvider
{
    private readonly long began = Stopwatch.GetTimestamp();
    private TimeSpan advanced;

    public static DateTimeOffset Noon { get; } = new(2026, 5, 20, 12, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Noon + Stopwatch.GetElapsedTime(began) + advanced;

    /// <summary>Moves the clock on; what already waits is not woken.</summary>
    public void Advance(TimeSpan by) => advanced += by;
}
