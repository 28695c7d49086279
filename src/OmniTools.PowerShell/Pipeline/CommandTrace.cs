using OmniTools.Diagnostics;

namespace OmniTools.PowerShell.Pipeline;

/// <summary>Writes the trace of a command for -Verbose and -Debug.</summary>
internal sealed class CommandTrace : IDisposable
{
    private readonly PSCmdlet cmdlet;
    private readonly TraceSubscription subscription;

    public CommandTrace(PSCmdlet cmdlet, PipelineQueue queue)
    {
        this.cmdlet = cmdlet;
        subscription = new((level, line) => queue.Post(() =>
            WhileRunning(level == TraceLevel.Debug ? () => cmdlet.WriteDebug(line) : () => Write(line))));
    }

    /// <summary>Traces what Core does on this thread and in work started from it until disposal.</summary>
    public IDisposable Enter() => subscription.Enter();

    public void Dispose() => subscription.Dispose();

    /// <summary>
    /// Writes a line for -Verbose. Under -Debug the engine would ask before each verbose line, so it becomes a debug
    /// line.
    /// </summary>
    public void Write(string line)
    {
        if (cmdlet.MyInvocation.BoundParameters.ContainsKey("Debug"))
            cmdlet.WriteDebug(line);
        else
            cmdlet.WriteVerbose(line);
    }

    // A stopping pipeline takes no more lines. Work that is let finish goes on without them.
    private void WhileRunning(Action write)
    {
        try
        {
            if (!cmdlet.Stopping)
                write();
        }
        catch (PipelineStoppedException) when (cmdlet.Stopping)
        {
        }
    }
}
