using System.Runtime.CompilerServices;
using OmniTools.Http;
using OmniTools.PowerShell.Session;

namespace OmniTools.PowerShell.Pipeline;

/// <summary>The client of one command: shared with the session from its first use to the end of the command.</summary>
internal sealed class CommandClient(PSCmdlet cmdlet, CommandTrace trace, PipelineQueue queue) : IDisposable
{
    // All cmdlets of a pipeline receive the same notice; the first one writes it.
    private static readonly ConditionalWeakTable<ProviderHealthNotice, object> Written = [];

    private SharedClient? shared;
    private IDisposable? observation;

    /// <param name="isHeld">Whether calls are held during an outage, so that the user is notified of it.</param>
    public OmniClient Get(bool isHeld)
    {
        if (shared is not null)
            return shared.Client;
        shared = OmniSession.Current.ShareClient();
        // The client serves many commands; each traces the providers and key sources it uses.
        foreach (var line in OmniProvider.DescribeProviders(shared.Client.Settings))
            trace.Write(line);
        if (isHeld)
            observation = shared.Client.ObserveProviderHealth(notice => queue.Post(() => Write(notice)));
        return shared.Client;
    }

    public void EndObservation() => observation?.Dispose();

    public void Dispose()
    {
        EndObservation();
        shared?.Release();
    }

    private void Write(ProviderHealthNotice notice)
    {
        if (Written.TryAdd(notice, notice))
            cmdlet.WriteWarning(notice.ToString());
    }
}
