using OmniTools.Testing;
using Xunit;

namespace OmniTools.Tests;

/// <summary>What the other tests rely on when they look for a wait.</summary>
public sealed class ManualClockTests
{
    private readonly ManualClock clock = new();

    [Fact]
    public async Task A_wait_that_is_over_is_not_found_although_its_timer_is_still_set()
    {
        var answer = new TaskCompletionSource();
        var wait = answer.Task.WaitAsync(TimeSpan.FromMinutes(1), clock);
        Assert.Equal(1, clock.Waiting);
        // Runs before the wait takes its timer back.
        var seen = wait.ContinueWith(_ => (clock.Waiting, clock.NextDue), CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

        answer.SetResult();

        Assert.Equal((0, clock.GetUtcNow() + TimeSpan.FromMinutes(1)), await seen);
    }

    [Fact]
    public async Task A_wait_is_found_and_a_timeout_is_not()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(1), clock);
        Assert.Equal(0, clock.Waiting);

        var found = clock.WhenWaitingAsync();
        var wait = Task.Delay(TimeSpan.FromSeconds(2), clock, TestContext.Current.CancellationToken);
        await found;
        clock.Advance(TimeSpan.FromSeconds(2));

        await wait;
        Assert.True(timeout.IsCancellationRequested);
    }
}
