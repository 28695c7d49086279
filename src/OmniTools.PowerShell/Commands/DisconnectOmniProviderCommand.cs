using OmniTools.Catalog;
using OmniTools.PowerShell.Completion;
using OmniTools.PowerShell.Pipeline;

namespace OmniTools.PowerShell.Commands;

/// <summary>Removes the connection to one provider, or all connections and the sandbox.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "OmniProvider")]
[OutputType(typeof(void))]
public sealed class DisconnectOmniProviderCommand : OmniCmdlet
{
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(ProviderCompleter))]
    public string? Provider { get; set; }

    private protected override void Process() =>
        Session.Disconnect(Provider is null ? null : ModelCatalog.Provider(Provider));
}
