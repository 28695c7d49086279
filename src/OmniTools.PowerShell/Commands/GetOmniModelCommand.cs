using OmniTools.Catalog;
using OmniTools.PowerShell.Completion;
using OmniTools.PowerShell.Pipeline;
using OmniTools.PowerShell.Session;

namespace OmniTools.PowerShell.Commands;

/// <summary>Lists the models, with what each takes and costs. Asks nobody, unless with <c>-Online</c>.</summary>
[Cmdlet(VerbsCommon.Get, "OmniModel", DefaultParameterSetName = Listed)]
[OutputType(typeof(OmniModel), ParameterSetName = [Listed])]
[OutputType(typeof(OmniOnlineModel), ParameterSetName = [Offered])]
public sealed class GetOmniModelCommand : OmniCmdlet
{
    private const string Listed = "Catalog";
    private const string Offered = "Online";

    [Parameter(Position = 0, ParameterSetName = Listed, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string[] Model { get; set; } = [];

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ProviderCompleter))]
    public string[] Provider { get; set; } = [];

    [Parameter(ParameterSetName = Listed)]
    [ArgumentCompleter(typeof(ModelFilterCompleter))]
    public string[] Can { get; set; } = [];

    [Parameter(ParameterSetName = Listed)]
    [ArgumentCompleter(typeof(ModelFilterCompleter))]
    public string? AspectRatio { get; set; }

    [Parameter(ParameterSetName = Listed)]
    [ValidateRange(1, 3600)]
    [ArgumentCompleter(typeof(ModelFilterCompleter))]
    public int? Duration { get; set; }

    [Parameter(ParameterSetName = Offered, Mandatory = true, HelpMessage = "Asks the providers.")]
    public SwitchParameter Online { get; set; }

    private protected override void Begin()
    {
        var settings = Session.Settings;
        settings.Validate();
        // The built-in models work all the same.
        if (settings.Catalog.Problem is { } problem)
            WriteError(ErrorRecords.Create(problem, settings.CatalogFile));
    }

    private protected override void Process()
    {
        if (Online)
            Compare();
        else
            List();
    }

    private void List()
    {
        var can = Can.Select(name => OmniModel.FindCapability(name) ?? throw UnknownCapability(name)).ToList();
        foreach (var provider in Provider.Cast<string?>().DefaultIfEmpty(null))
            foreach (var model in Model.Cast<string?>().DefaultIfEmpty(null))
                RunForItem(model ?? provider, _ => null, () => List(provider, model, can));
    }

    private void List(string? provider, string? model, IReadOnlyList<string> can)
    {
        var found = Client.ListModels(new()
        {
            Provider = provider,
            Model = model,
            Can = can,
            AspectRatio = AspectRatio,
            Duration = Duration,
        });
        // A list may be empty; a model that is named and not there is a mistake.
        if (found.Count == 0 && model is not null && !WildcardPattern.ContainsWildcardCharacters(model)
            && Client.ListModels(new() { Provider = provider, Model = model }).Count == 0)
            throw UnknownModel(model);
        WriteObject(found.Select(OmniModel.From), enumerateCollection: true);
    }

    private void Compare()
    {
        var ready = Client.Settings.ReadyProviders.Select(spec => spec.Id);
        var names = Provider.Length > 0 ? Provider : [.. ready];
        if (names.Length == 0)
            Client.Settings.ChooseProvider(null); // Says which key is missing.
        foreach (var name in names)
        {
            var client = Client;
            Start(name, async cancellationToken =>
            {
                var models = await client.ListOnlineModelsAsync(name, cancellationToken).ConfigureAwait(false);
                Post(() => Write(models));
            }, _ => $"Models of {name}");
        }
    }

    private void Write(OnlineModels models)
    {
        WriteDetail($"{models.Provider} offers {models.All.Count} video models: {models.New.Count} are new, "
            + $"{models.Gone.Count} of the catalog are gone");
        foreach (var id in models.New)
            WriteObject(new OmniOnlineModel(models.Provider, id, "New"));
        foreach (var id in models.Gone)
            WriteObject(new OmniOnlineModel(models.Provider, id, "Gone"));
    }

    private static OmniException UnknownCapability(string name) =>
        Refused("There is no such ability", "-Can", name, string.Join(", ", OmniModel.CapabilityNames));

    private static OmniException UnknownModel(string name) =>
        Refused("The catalog has no such model", "-Model", name, "a name of Get-OmniModel, or a part of one with *");

    private static OmniException Refused(string what, string parameter, string received, string allowed) =>
        InvalidRequest.Create(what, parameter, $"'{ProviderText.Clean(received)}'", allowed);
}
