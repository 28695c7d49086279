using OmniTools.PowerShell.Completion;
using OmniTools.PowerShell.Pipeline;
using OmniTools.PowerShell.Session;

namespace OmniTools.PowerShell.Commands;

/// <summary>Says what is configured and what each model takes; asks nobody, unless for the balance.</summary>
[Cmdlet(VerbsCommon.Get, "OmniProvider")]
[OutputType(typeof(OmniProvider))]
public sealed class GetOmniProviderCommand : OmniCmdlet
{
    private readonly Queue<Answered> answers = [];

    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProviderCompleter))]
    public string[] Provider { get; set; } = [];

    [Parameter]
    public SwitchParameter Balance { get; set; }

    private protected override void Process()
    {
        var settings = Session.Settings;
        settings.Validate();
        var catalog = settings.Catalog;
        foreach (var name in Provider.Length == 0 ? catalog.Providers.Select(spec => spec.Id) : Provider)
            RunForItem(name, _ => null, () => Answer(OmniProvider.From(catalog.GetProvider(name), settings)));
    }

    private void Answer(OmniProvider state)
    {
        var answer = new Answered();
        answers.Enqueue(answer);
        // Without a name nobody asked for a provider that is not configured.
        if (!Balance || (Provider.Length == 0 && !state.IsReady))
            Write(answer, () => WriteObject(state));
        else
            Ask(state, answer);
    }

    private void Ask(OmniProvider state, Answered answer)
    {
        var client = Client;
        Start(async cancellationToken =>
        {
            try
            {
                var balance = await client.GetBalanceAsync(state.Provider, cancellationToken).ConfigureAwait(false);
                Post(() => Write(answer, () => WriteObject(state with { Balance = balance })));
            }
            catch (OmniException problem) when (!cancellationToken.IsCancellationRequested)
            {
                // Also what ends other commands: the next provider has a key of its own.
                Post(() => Write(answer, () =>
                {
                    WriteError(ErrorRecords.Create(problem, state, $"Balance of {state.Provider}"));
                    WriteObject(state);
                }));
            }
        });
    }

    // All are asked at once, and written in the order they were asked for.
    private void Write(Answered answer, Action write)
    {
        answer.Write = write;
        while (answers.TryPeek(out var first) && first.Write is { } ready)
        {
            answers.Dequeue();
            ready();
        }
    }

    private sealed class Answered
    {
        public Action? Write { get; set; }
    }
}
