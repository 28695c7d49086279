using System.Management.Automation;
using OmniTools.PowerShell.Completion;
using OmniTools.PowerShell.Pipeline;
using OmniTools.PowerShell.Session;
using OmniTools.Providers;

namespace OmniTools.PowerShell.Commands;

/// <summary>Says what is configured and what each model takes; asks nobody, unless for the balance.</summary>
[Cmdlet(VerbsCommon.Get, "OmniProvider")]
[OutputType(typeof(ProviderState))]
public sealed class GetOmniProviderCommand : OmniCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ProviderCompleter))]
    public string[] Provider { get; set; } = [];

    [Parameter]
    public SwitchParameter Balance { get; set; }

    private protected override void Process()
    {
        var settings = Client.Settings;
        var specs = Provider.Length == 0 ? Catalog.Providers : Provider.Select(Catalog.Provider).ToList();
        foreach (var state in specs.Select(spec => ProviderState.Of(spec, settings)))
        {
            if (Balance)
                WriteWithBalance(state);
            else
                WriteObject(state);
        }
    }

    private void WriteWithBalance(ProviderState state)
    {
        // Without a name nobody asked for a provider that is not configured.
        if (Provider.Length == 0 && !state.IsReady)
        {
            WriteObject(state);
            return;
        }
        var client = Client;
        Start(state, async token =>
        {
            var balance = await client.GetBalanceAsync(state.Provider, token).ConfigureAwait(false);
            Post(() => WriteObject(state with { Balance = balance }));
        });
    }
}
