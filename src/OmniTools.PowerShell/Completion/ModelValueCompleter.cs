using System.Collections;
using System.Globalization;
using OmniTools.Catalog;
using OmniTools.PowerShell.Session;

namespace OmniTools.PowerShell.Completion;

/// <summary>Offers the aspect ratios, durations or resolutions of the chosen model.</summary>
public sealed class ModelValueCompleter : OmniCompleter
{
    private protected override IEnumerable<(string Value, string ToolTip)> GetCandidates(
        string parameter, IDictionary bound)
    {
        var models = FindProvider(bound) is { } chosen
            ?
            [
                chosen.Rules(
                    bound["Model"] as string ?? OmniSession.Current.Settings.GetProviderSettings(chosen).Model ?? chosen.DefaultModel,
                    out _),
            ]
            : ModelCatalog.Providers.SelectMany(spec => spec.Models);
        return models
            .SelectMany(model =>
                Values(parameter, model).Select(value => (value, $"{parameter} {value}, {model.Id}")))
            .DistinctBy(offer => offer.value);
    }

    private static IEnumerable<string> Values(string parameter, ModelSpec model) => parameter switch
    {
        "AspectRatio" => model.AspectRatios ?? [],
        "Duration" => model.Durations?.Select(seconds => seconds.ToString(CultureInfo.InvariantCulture)) ?? [],
        _ => model.Resolutions ?? [],
    };
}
