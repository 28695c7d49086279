using System.Diagnostics;
using OmniTools.Diagnostics;

namespace OmniTools.Core.Tests.Diagnostics;

/// <summary>A trace receives the lines of its own work, and leaves the caller's activity alone.</summary>
public sealed class TraceSubscriptionTests
{
    [Fact]
    public async Task Enter_WorkInsideAndOutside_ReceivesOnlyTheLinesInside()
    {
        List<string> lines = [];
        using var trace = new TraceSubscription((level, line) => lines.Add($"{level} {line}"));
        OmniTrace.Verbose("before");
        Task late;
        var go = new TaskCompletionSource();
        using (trace.Enter())
        {
            OmniTrace.Debug("inside");
            late = Task.Run(async () =>
            {
                await go.Task;
                OmniTrace.Verbose("started inside");
            }, TestContext.Current.CancellationToken);
        }
        OmniTrace.Verbose("after");
        go.SetResult();
        await late;
        Assert.Equal(["Debug inside", "Verbose started inside"], lines);
    }

    [Fact]
    public void Dispose_InsideAnotherActivity_KeepsIt()
    {
        using var callers = new Activity("caller").Start();
        using (new TraceSubscription((_, _) => { }))
            Assert.Same(callers, Activity.Current);
        Assert.Same(callers, Activity.Current);
    }
}
