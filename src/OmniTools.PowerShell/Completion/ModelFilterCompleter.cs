using System.Collections;
using OmniTools.PowerShell.Session;

namespace OmniTools.PowerShell.Completion;

/// <summary>
/// Offers what models are listed by: capabilities, and the aspect ratios and durations of all models.
/// </summary>
public sealed class ModelFilterCompleter : OmniCompleter
{
    private protected override IEnumerable<(string Value, string ToolTip)> GetCandidates(
        string parameter, IDictionary bound) =>
        parameter == "Can"
            ? OmniModel.CapabilityNames.Select(name => (name, $"Models that can: {name}"))
            : OmniSession.Current.Settings.Catalog.Providers.SelectMany(spec => spec.Models)
                .SelectMany(model => ModelValueCompleter.GetValues(parameter, model))
                .Distinct().OrderBy(value => value.Length).ThenBy(value => value, StringComparer.Ordinal)
                .Select(value => (value, $"{parameter} {value}"));
}
