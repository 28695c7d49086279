using System.Runtime.InteropServices;

namespace OmniTools.Mcp.Commands;

/// <summary>Ends the server cleanly on a signal of the system or the user.</summary>
internal sealed class EndSignals : IDisposable
{
    /// <summary>
    /// How long a closing window or a shutdown is held: Windows ends the process when its handler returns, or after
    /// five seconds.
    /// </summary>
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(4);

    private readonly ManualResetEventSlim ended = new();
    private readonly List<PosixSignalRegistration> registrations;

    public EndSignals(Action end) =>
        registrations = [.. Of(OperatingSystem.IsWindows()).Select(signal => Register(signal, end))];

    /// <summary>
    /// The signals that end the server. Windows gives Ctrl+Break as SIGQUIT and a closed console window as SIGHUP
    /// (https://learn.microsoft.com/dotnet/api/system.runtime.interopservices.posixsignal); elsewhere they keep their
    /// own meaning.
    /// </summary>
    public static IReadOnlyList<PosixSignal> Of(bool isWindows) => isWindows
        ? [PosixSignal.SIGINT, PosixSignal.SIGQUIT, PosixSignal.SIGHUP, PosixSignal.SIGTERM]
        : [PosixSignal.SIGINT, PosixSignal.SIGTERM];

    private PosixSignalRegistration Register(PosixSignal signal, Action end) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            end();
            if (OperatingSystem.IsWindows() && signal is PosixSignal.SIGHUP or PosixSignal.SIGTERM)
                ended.Wait(Hold);
        });

    public void Dispose()
    {
        ended.Set();
        foreach (var registration in registrations)
            registration.Dispose();
    }
}
