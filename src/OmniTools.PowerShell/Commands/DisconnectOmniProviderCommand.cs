using System.Management.Automation;
using OmniTools.Catalog;
using OmniTools.PowerShell.Completion;
using OmniTools.PowerShell.Pipeline;

namespace OmniTools.PowerShell.Commands;

/// <summary>Forgets what <c>Connect-OmniProvider</c> was told: one provider's key, or everything and the sandbox too.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "OmniProvider")]
[OutputType(typeof(void))]
public sealed class DisconnectOmniProviderCommand : OmniCmdlet
{
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(ProviderCompleter))]
    public string? Provider { get; set; }

    private protected override void Process() => Session.Disconnect(Provider is null ? null : ModelCatalog.Provider(Provider));
}
