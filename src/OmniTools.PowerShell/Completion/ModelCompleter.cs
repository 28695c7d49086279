using System.Collections;
using OmniTools.Catalog;

namespace OmniTools.PowerShell.Completion;

/// <summary>
/// Completes the known models of the chosen provider, or of all providers. Other names are accepted too.
/// </summary>
public sealed class ModelCompleter : OmniCompleter
{
    private protected override IEnumerable<(string Value, string ToolTip)> GetCandidates(
        string parameter, IDictionary bound) =>
        (FindProvider(bound) is { } chosen ? [chosen] : ModelCatalog.Providers).SelectMany(spec =>
            spec.Models.Select(model => (model.Id, $"{model.Id} at {spec.Name}")));
}
