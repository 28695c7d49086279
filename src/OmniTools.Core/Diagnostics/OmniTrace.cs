namespace OmniTools.Diagnostics;

/// <summary>How much detail a trace line is.</summary>
public enum TraceLevel
{
    /// <summary>
    /// What a person wants to follow: provider, key source, request key, polls, retries with their reasons.
    /// </summary>
    Verbose,
    /// <summary>HTTP exchanges, without secrets and bodies.</summary>
    Debug,
}

/// <summary>
/// What Core tells about its work. Whoever listens hears everything that is done on behalf of the calls made while
/// listening, on whichever thread; without a listener a trace line costs nothing.
/// </summary>
public static class OmniTrace
{
    private static readonly AsyncLocal<Action<TraceLevel, string>?> Listener = new();

    /// <summary>
    /// Listens until the result is disposed. Listeners are called on any thread; what they throw is lost.
    /// </summary>
    public static IDisposable Listen(Action<TraceLevel, string> listener)
    {
        var outer = Listener.Value;
        Listener.Value = listener;
        return new Scope(outer);
    }

    internal static bool IsOn => Listener.Value is not null;

    internal static void Verbose(string line) => Write(TraceLevel.Verbose, line);

    internal static void Debug(string line) => Write(TraceLevel.Debug, line);

    private static void Write(TraceLevel level, string line)
    {
        try
        {
            Listener.Value?.Invoke(level, line);
        }
        catch (Exception)
        {
            // Between a clip being bought and being recorded, nobody's log is a reason to stop.
        }
    }

    private sealed class Scope(Action<TraceLevel, string>? outer) : IDisposable
    {
        public void Dispose() => Listener.Value = outer;
    }
}
