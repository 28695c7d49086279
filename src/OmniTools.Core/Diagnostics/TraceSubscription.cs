using System.Diagnostics;

namespace OmniTools.Diagnostics;

/// <summary>
/// Receives the trace lines of one piece of work, such as a command: of everything that is started between
/// <see cref="Enter"/> and its disposal, on any thread, until the subscription is disposed.
/// </summary>
internal sealed class TraceSubscription : IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private readonly Activity activity = new("OmniTools.Command");
    private readonly Action<TraceLevel, string> receive;
    private readonly IDisposable subscription;

    /// <summary>Subscribes. <paramref name="receive"/> is called on any thread; its exceptions are ignored.</summary>
    public TraceSubscription(Action<TraceLevel, string> receive)
    {
        this.receive = receive;
        // A command that runs inside another one is no part of it.
        var outer = Activity.Current;
        Activity.Current = null;
        activity.Start();
        Activity.Current = outer;
        subscription = OmniTrace.Subscribe(this);
    }

    /// <summary>Subscribes to what the caller does and starts from now on.</summary>
    public static TraceSubscription Start(Action<TraceLevel, string> receive)
    {
        var subscription = new TraceSubscription(receive);
        subscription.Enter();
        return subscription;
    }

    /// <summary>Makes what this thread starts part of the work, until the result is disposed.</summary>
    public IDisposable Enter() => new Scope(activity);

    /// <inheritdoc/>
    public void Dispose()
    {
        subscription.Dispose();
        // Stopping the activity would also end the one that the caller is in.
        var current = Activity.Current;
        activity.Dispose();
        Activity.Current = current == activity ? null : current;
    }

    void IObserver<KeyValuePair<string, object?>>.OnNext(KeyValuePair<string, object?> value)
    {
        if (IsPartOfWork(Activity.Current) && value.Value is string line)
            receive(Enum.Parse<TraceLevel>(value.Key), line);
    }

    void IObserver<KeyValuePair<string, object?>>.OnCompleted()
    {
    }

    void IObserver<KeyValuePair<string, object?>>.OnError(Exception error)
    {
    }

    private bool IsPartOfWork(Activity? current) =>
        current is not null && (current == activity || IsPartOfWork(current.Parent));

    private sealed class Scope : IDisposable
    {
        private readonly Activity? outer = Activity.Current;

        public Scope(Activity entered) => Activity.Current = entered;

        public void Dispose() => Activity.Current = outer;
    }
}
