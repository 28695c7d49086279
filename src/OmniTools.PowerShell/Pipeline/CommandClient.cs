using System.Management.Automation;
using OmniTools.PowerShell.Session;

namespace OmniTools.PowerShell.Pipeline;

/// <summary>The client of one command: leased when it is first used, with the command's trace and notices.</summary>
internal sealed class CommandClient(PSCmdlet cmdlet, CommandTrace trace, PipelineQueue queue) : IDisposable
{
    private ClientLease? lease;
    private IDisposable? observation;

    /// <summary>The client of the session.</summary>
    /// <param name="reportsOutages">Whether the command warns when a provider that it waits for is away.</param>
    public OmniClient Get(bool reportsOutages)
    {
        if (lease is not null)
            return lease.Client;
        lease = OmniSession.Current.Lease();
        // The client serves many commands; each traces the providers and key sources it uses.
        foreach (var line in OmniProvider.DescribeProviders(lease.Client.Settings))
            trace.Write(line);
        if (reportsOutages)
            observation = lease.Client.ObserveProviderHealth(notice =>
                queue.Post(() => OutageNotices.Write(cmdlet, notice)));
        return lease.Client;
    }

    /// <summary>Ends the warnings about outages.</summary>
    public void StopReporting() => observation?.Dispose();

    public void Dispose()
    {
        observation?.Dispose();
        lease?.Dispose();
    }
}
