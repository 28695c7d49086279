using System.Management.Automation;
using System.Runtime.CompilerServices;
using OmniTools.Http;
using OmniTools.PowerShell.Session;

namespace OmniTools.PowerShell.Pipeline;

/// <summary>The client of one command: leased from the session on first use, released with the command.</summary>
internal sealed class CommandClient(PSCmdlet cmdlet, CommandTrace trace, PipelineQueue queue) : IDisposable
{
    // All cmdlets of a pipeline receive the same notice; the first one writes it.
    private static readonly ConditionalWeakTable<ProviderHealthNotice, object> Written = [];

    private ClientLease? lease;
    private IDisposable? observation;

    /// <param name="isHeld">Whether calls are held during an outage, so that the user is notified of it.</param>
    public OmniClient Get(bool isHeld)
    {
        if (lease is not null)
            return lease.Client;
        lease = OmniSession.Current.Lease();
        // The client serves many commands; each traces the providers and key sources it uses.
        foreach (var line in OmniProvider.DescribeProviders(lease.Client.Settings))
            trace.Write(line);
        if (isHeld)
            observation = lease.Client.ObserveProviderHealth(notice => queue.Post(() => Write(notice)));
        return lease.Client;
    }

    public void EndObservation() => observation?.Dispose();

    public void Dispose()
    {
        EndObservation();
        lease?.Dispose();
    }

    private void Write(ProviderHealthNotice notice)
    {
        if (Written.TryAdd(notice, notice))
            cmdlet.WriteWarning(notice.ToString());
    }
}
