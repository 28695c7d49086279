using System.Collections;
using OmniTools.Catalog;

namespace OmniTools.PowerShell.Completion;

/// <summary>Offers the known models of the chosen provider; of all where none is chosen. Other names are accepted too.</summary>
public sealed class ModelCompleter : OmniCompleter
{
    private protected override IEnumerable<(string Value, string ToolTip)> GetCandidates(string parameter, IDictionary bound) =>
        (FindProvider(bound) is { } chosen ? [chosen] : ModelCatalog.Providers)
            .SelectMany(spec => spec.Models.Select(model => (model.Name, $"{model.Name} at {spec.Name}")));
}
