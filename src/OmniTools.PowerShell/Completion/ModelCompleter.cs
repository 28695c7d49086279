using System.Collections;
using OmniTools.PowerShell.Session;

namespace OmniTools.PowerShell.Completion;

/// <summary>
/// Completes the known models, the user's own included, of the named provider or of all. Other names are accepted too.
/// </summary>
public sealed class ModelCompleter : OmniCompleter
{
    private protected override IEnumerable<(string Value, string ToolTip)> GetCandidates(
        string parameter, IDictionary bound)
    {
        var catalog = OmniSession.Current.Settings.Catalog;
        var providers = bound["Provider"] is string name ? [catalog.GetProvider(name)] : catalog.Providers;
        return from spec in providers
               from model in spec.Models
               group (spec, model) by model.Id into same
               let names = string.Join(" and ", same.Select(each => each.spec.Name))
               select (same.Key, $"{same.Key} at {names}: {string.Join(", ", same.First().model.Capabilities)}");
    }
}
