using System.Collections;
using System.Globalization;
using OmniTools.Catalog;
using OmniTools.PowerShell.Session;

namespace OmniTools.PowerShell.Completion;

/// <summary>Offers the aspect ratios, durations or resolutions of the chosen model.</summary>
public sealed class ModelValueCompleter : OmniCompleter
{
    private protected override IEnumerable<(string Value, string ToolTip)> GetCandidates(
        string parameter, IDictionary bound) =>
        FindModels(bound).SelectMany(
            model => GetValues(parameter, model).Select(value => (value, $"{parameter} {value}, {model.Id}")))
            .DistinctBy(offer => offer.value);

    internal static IEnumerable<string> GetValues(string parameter, ModelSpec model) => parameter switch
    {
        "AspectRatio" => model.AspectRatios ?? [],
        "Duration" => model.Durations?.Select(seconds => seconds.ToString(CultureInfo.InvariantCulture)) ?? [],
        _ => model.Resolutions ?? [],
    };

    // A model that is named decides, whichever provider has it; otherwise the default model of the default provider.
    private static IEnumerable<ModelSpec> FindModels(IDictionary bound)
    {
        var settings = OmniSession.Current.Settings;
        var chosen = FindProvider(bound);
        var providers = bound["Provider"] is string && chosen is not null ? [chosen] : settings.Catalog.Providers;
        if (bound["Model"] is string name)
            return providers.Select(spec => spec.FindModel(name)).OfType<ModelSpec>();
        return chosen is null
            ? providers.SelectMany(spec => spec.Models)
            : [chosen.Rules(settings.GetProviderSettings(chosen).Model ?? chosen.DefaultModel, out _)];
    }
}
