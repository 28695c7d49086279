using System.Runtime.InteropServices;

namespace OmniTools.PowerShell.Pipeline;

/// <summary>
/// Stops a long command in two steps: at the first Ctrl+C nothing new begins, at the second everything ends.
/// </summary>
internal sealed class GracefulStop : IDisposable
{
    private readonly CancellationTokenSource begun = new();
    private readonly CancellationTokenSource forced = new();
    private PosixSignalRegistration? secondInterrupt;

    /// <summary>Cancelled when nothing new may begin.</summary>
    public CancellationToken Begun => begun.Token;

    /// <summary>Cancelled when running work must end, too.</summary>
    public CancellationToken Forced => forced.Token;

    /// <summary>Begins to stop. Running work can finish.</summary>
    public void Begin() => begun.Cancel();

    /// <summary>The same; another Ctrl+C ends running work. A host without signals lets it finish.</summary>
    public void BeginByInterrupt()
    {
        try
        {
            secondInterrupt ??= PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
            {
                context.Cancel = true;
                forced.Cancel();
            });
        }
        catch (Exception problem)
            when (problem is IOException or PlatformNotSupportedException or InvalidOperationException)
        {
        }
        Begin();
    }

    public void Dispose()
    {
        secondInterrupt?.Dispose();
        begun.Dispose();
        forced.Dispose();
    }
}
