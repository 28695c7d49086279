using System.Collections.Concurrent;

namespace OmniTools.Http;

/// <summary>
/// The circuit breakers that the work of a process shares, one per host and kind of call, and their observers.
/// </summary>
internal sealed class CircuitBreakers(TimeProvider timeProvider, Func<double> randomizer)
{
    private readonly ConcurrentDictionary<(string Host, CallKind Kind), CircuitBreaker> breakers = new();
    private readonly List<Action<ProviderHealthNotice>> observers = [];

    /// <summary>Those of this process, on the system's clock.</summary>
    public static CircuitBreakers Process { get; } = new(TimeProvider.System, DefaultRandomizer.NextDouble);

    /// <summary>
    /// The breaker of one host (with its port) and kind of call; <paramref name="name"/> is what people call the host.
    /// </summary>
    public CircuitBreaker Get(string host, string name, CallKind kind) =>
        breakers.GetOrAdd((host, kind), key => new(name, key.Kind, timeProvider, randomizer, this));

    /// <summary>
    /// Reports to <paramref name="observer"/> until the result is disposed. All observers receive the same notice, so
    /// that those which share a screen can write it once.
    /// </summary>
    public IDisposable Observe(Action<ProviderHealthNotice> observer)
    {
        var registration = new Registration(this, observer);
        lock (observers)
        {
            observers.Add(registration.Notify);
            if (observers.Count > 1)
                return registration;
        }
        foreach (var breaker in breakers.Values)
            breaker.ForgetReport();
        return registration;
    }

    /// <summary>Calls the observers; false when there are none.</summary>
    public bool Notify(ProviderHealthNotice notice)
    {
        Action<ProviderHealthNotice>[] present;
        lock (observers)
            present = [.. observers];
        foreach (var observer in present)
            observer(notice);
        return present.Length > 0;
    }

    private sealed class Registration(CircuitBreakers owner, Action<ProviderHealthNotice> observer) : IDisposable
    {
        public void Notify(ProviderHealthNotice notice) => observer(notice);

        public void Dispose()
        {
            lock (owner.observers)
                owner.observers.Remove(Notify);
        }
    }
}
