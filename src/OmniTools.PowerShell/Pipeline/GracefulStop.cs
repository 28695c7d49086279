using System.Runtime.InteropServices;

namespace OmniTools.PowerShell.Pipeline;

/// <summary>
/// Stops a command in two steps: after the first Ctrl+C running work is finished and nothing new begins; the second
/// one stops at once.
/// </summary>
internal sealed class GracefulStop(PSCmdlet cmdlet) : IDisposable
{
    private readonly CancellationTokenSource requested = new();
    private readonly CancellationTokenSource now = new();
    private PosixSignalRegistration? secondInterrupt;

    // A pipeline that the user has stopped accepts no more records; its host still does.
    private volatile bool isStopping;

    /// <summary>Cancelled when nothing new may begin.</summary>
    public CancellationToken Requested => requested.Token;

    /// <summary>Cancelled when running work has to stop as well.</summary>
    public CancellationToken Now => now.Token;

    /// <summary>Lets running work finish.</summary>
    public void Request() => requested.Cancel();

    /// <summary>The first step of a stop by the user.</summary>
    public void RequestByUser()
    {
        isStopping = true;
        cmdlet.Host.UI?.WriteWarningLine(
            "Stopping: nothing new is submitted; running requests and downloads are finished. Press Ctrl+C again to "
            + "stop now.");
        try
        {
            secondInterrupt ??= PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
            {
                context.Cancel = true;
                now.Cancel();
            });
        }
        catch (Exception problem)
            when (problem is IOException or PlatformNotSupportedException or InvalidOperationException)
        {
            // On a host without signals there is no second step.
        }
        Request();
    }

    /// <summary>Writes to the pipeline or, if the user has stopped it, to the host.</summary>
    public void Write(Action toPipeline, Action toHost)
    {
        try
        {
            if (!isStopping)
            {
                toPipeline();
                return;
            }
        }
        catch (PipelineStoppedException) when (cmdlet.Stopping)
        {
            // The pipeline can begin to stop a moment before this command hears of it.
            isStopping = true;
        }
        toHost();
    }

    public void Dispose()
    {
        secondInterrupt?.Dispose();
        requested.Dispose();
        now.Dispose();
    }
}
