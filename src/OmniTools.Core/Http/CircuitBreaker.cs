namespace OmniTools.Http;

/// <summary>
/// The health of one host for one kind of call. While it is unavailable the circuit is open: calls that can be held
/// wait, and one of them at a time is sent as a probe. After a probe that succeeds, the calls resume at a rate that
/// grows back.
/// </summary>
internal sealed class CircuitBreaker(
    string name, CallKind kind, TimeProvider timeProvider, Func<double> randomizer, CircuitBreakers owner)
{
    private enum State
    {
        Closed,
        Open,
        Probing,
        Recovering,
    }

    private readonly object gate = new();
    private TaskCompletionSource changed = NewSignal();
    private State state;
    private int failuresInARow;
    private int failedProbes;
    private int allowed;
    private int running;
    private int waiting;
    private DateTimeOffset openedAt;
    private DateTimeOffset nextProbe;
    private DateTimeOffset lastNotice = DateTimeOffset.MinValue;
    private bool wasReported;
    private string reason = "";

    /// <summary>The outage that calls are held for now; null when there is none.</summary>
    public ProviderHealthNotice? Outage
    {
        get
        {
            lock (gate)
                return state is State.Open or State.Probing ? Notice(isAvailable: false) : null;
        }
    }

    /// <summary>
    /// A permit for a call that is not held: it is sent whatever the state is, and its result counts.
    /// </summary>
    public CircuitPermit Bypass() => new(this, CallPassage.Bypass);

    /// <summary>
    /// Waits until a call may be made; null when that takes longer than <paramref name="maximumWait"/>, or
    /// <paramref name="endWait"/> is cancelled first.
    /// </summary>
    public async Task<CircuitPermit?> EnterAsync(TimeSpan maximumWait, CancellationToken endWait,
        CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(maximumWait, timeProvider);
        using var ending = endWait.UnsafeRegister(source => ((CancellationTokenSource)source!).Cancel(), timeout);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        lock (gate)
            waiting++;
        try
        {
            while (true)
            {
                Task signal;
                TimeSpan? untilProbe;
                lock (gate)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    if (TryTake() is { } permit)
                        return permit;
                    ReportOutage();
                    if (timeout.IsCancellationRequested)
                        return null;
                    signal = changed.Task;
                    untilProbe = state == State.Open ? GetTimeUntilProbe() : null;
                }
                // Until the state changes, the next probe is due, or the wait is over.
                await signal.WaitAsync(untilProbe ?? Timeout.InfiniteTimeSpan, timeProvider, either.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            lock (gate)
                waiting--;
        }
    }

    private CircuitPermit? TryTake()
    {
        switch (state)
        {
            case State.Closed:
                return new(this, CallPassage.Free);
            case State.Open when timeProvider.GetUtcNow() >= nextProbe:
                state = State.Probing;
                return new(this, CallPassage.Probe);
            case State.Recovering when running < allowed:
                running++;
                return new(this, CallPassage.Recovering);
            default:
                return null;
        }
    }

    public void RecordSuccess(CallPassage passage)
    {
        lock (gate)
        {
            failuresInARow = 0;
            if (state == State.Closed)
                return;
            if (state == State.Recovering)
                allowed *= 2;
            else
                (state, allowed, running, failedProbes) = (State.Recovering, HttpConstants.CallsAfterProbe, 0, 0);
            if (passage == CallPassage.Recovering)
                running = Math.Max(0, running - 1);
            if (allowed > HttpConstants.MaximumRecoveringCalls || waiting == 0)
            {
                state = State.Closed;
                if (wasReported)
                    owner.Notify(Notice(isAvailable: true));
                (wasReported, lastNotice) = (false, wasReported ? timeProvider.GetUtcNow() : lastNotice);
            }
            Signal();
        }
    }

    public void RecordFailure(CallPassage passage, bool isUnavailable, TimeSpan? retryAfter, string why)
    {
        lock (gate)
        {
            var now = timeProvider.GetUtcNow();
            if (state == State.Closed && ++failuresInARow < HttpConstants.FailuresUntilOpen && !isUnavailable)
                return;
            reason = why;
            if (state == State.Closed)
                (openedAt, failedProbes) = (now, 0);
            var isVerdict = passage == CallPassage.Probe || state is State.Closed or State.Recovering;
            if (isVerdict)
            {
                (state, nextProbe) = (State.Open, now + (retryAfter ?? ProbeInterval()));
                failedProbes++;
            }
            else if (retryAfter is { } pause && now + pause > nextProbe)
            {
                nextProbe = now + pause;
            }
            Signal();
        }
    }

    // A probe that ended without a verdict, because its caller was cancelled, leaves its place to the next one.
    public void RecordAbandoned(CallPassage passage)
    {
        lock (gate)
        {
            if (passage == CallPassage.Probe && state == State.Probing)
                state = State.Open;
            if (passage == CallPassage.Recovering)
                running = Math.Max(0, running - 1);
            Signal();
        }
    }

    /// <summary>Reports the outage again, because the observer of the first report is gone.</summary>
    public void ForgetReport()
    {
        lock (gate)
            wasReported = false;
    }

    // Called while a call is held. An outage of a few seconds is not reported, nor the next one within a minute.
    private void ReportOutage()
    {
        var isLong = nextProbe - openedAt >= HttpConstants.ShortestReportedOutage;
        if (wasReported || !isLong || timeProvider.GetUtcNow() - lastNotice < HttpConstants.NoticeInterval)
            return;
        wasReported = owner.Notify(Notice(isAvailable: false));
    }

    private TimeSpan GetTimeUntilProbe()
    {
        var left = nextProbe - timeProvider.GetUtcNow();
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private TimeSpan ProbeInterval()
    {
        var ceiling = HttpConstants.FirstProbeInterval.TotalSeconds * Math.Pow(2, Math.Min(failedProbes, 10));
        return TimeSpan.FromSeconds(randomizer() * Math.Min(ceiling, HttpConstants.LongestProbeInterval.TotalSeconds));
    }

    private ProviderHealthNotice Notice(bool isAvailable) => new()
    {
        Name = name,
        Calls = kind switch { CallKind.Submit => "submissions", CallKind.Read => "status requests", _ => "downloads" },
        IsAvailable = isAvailable,
        Since = openedAt,
        NextAttempt = isAvailable ? null : nextProbe,
        Reason = reason,
        Duration = isAvailable ? timeProvider.GetUtcNow() - openedAt : null,
    };

    private void Signal()
    {
        changed.TrySetResult();
        changed = NewSignal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
