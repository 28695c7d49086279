using System.Net;
using System.Security;
using OmniTools.Catalog;
using OmniTools.Configuration;
using OmniTools.PowerShell.Binding;
using OmniTools.PowerShell.Completion;
using OmniTools.PowerShell.Pipeline;

namespace OmniTools.PowerShell.Commands;

/// <summary>Sets a provider's key or enables the sandbox until the session ends. Nothing is sent or stored.</summary>
[Cmdlet(VerbsCommunications.Connect, "OmniProvider", DefaultParameterSetName = Account)]
[OutputType(typeof(void))]
public sealed class ConnectOmniProviderCommand : OmniCmdlet
{
    private const string Account = "Account";
    private const string InSandbox = "Sandbox";

    [Parameter(Position = 0, Mandatory = true, ParameterSetName = Account, HelpMessage = "toapis or apimart.")]
    [Parameter(Position = 0, ParameterSetName = InSandbox)]
    [ArgumentCompleter(typeof(ProviderCompleter))]
    public string? Provider { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = Account, ValueFromPipeline = true,
        HelpMessage = "The API key of the provider's account. What you type is not shown.")]
    [RejectPlainTextKey]
    public SecureString? ApiKey { get; set; }

    [Parameter(ParameterSetName = Account)]
    public string? BaseAddress { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = InSandbox)]
    public SwitchParameter Sandbox { get; set; }

    private protected override void Process()
    {
        var spec = Provider is null ? null : ModelCatalog.Provider(Provider);
        if (ParameterSetName == InSandbox)
            Session.ConnectSandbox(spec);
        else
            Session.Connect(spec!, new(new ApiKey(new NetworkCredential("", ApiKey).Password), BaseAddress));
    }
}
