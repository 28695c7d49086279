using System.Collections;
using OmniTools.Catalog;

namespace OmniTools.PowerShell.Completion;

/// <summary>Offers the providers of the catalog.</summary>
public sealed class ProviderCompleter : OmniCompleter
{
    private protected override IEnumerable<(string Value, string ToolTip)> GetCandidates(
        string parameter, IDictionary bound) =>
        ModelCatalog.Providers.Select(spec => (spec.Id, $"{spec.Name}, key in {spec.KeyVariable}"));
}
