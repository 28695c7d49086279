using OmniTools.Catalog;

namespace OmniTools.PowerShell.Session;

/// <summary>
/// A model in a list. Provider and Model bind to New-OmniVideo by property name; what the model takes is in plural
/// names, which bind to nothing.
/// </summary>
/// <param name="Provider">The provider's id.</param>
/// <param name="Model">The model's id.</param>
/// <param name="IsDefault">Whether the provider uses it when no model is named.</param>
/// <param name="IsReady">Whether the provider has a key, or the sandbox answers.</param>
/// <param name="Can">What it can do, in the words of <c>-Can</c>.</param>
/// <param name="Durations">The lengths in seconds; null: not checked. Empty: the model decides.</param>
/// <param name="AspectRatios">The aspect ratios; null: not checked. Empty: the references decide.</param>
/// <param name="Resolutions">The quality tiers; null: not checked. Empty: there is no choice.</param>
/// <param name="MaxImages">How many reference images at most.</param>
/// <param name="MaxVideos">How many reference videos at most.</param>
/// <param name="Options">The options that it takes.</param>
/// <param name="EstimatedUsd">The most that the clip asked for can cost, in US dollars; null when not known.</param>
/// <param name="EstimatedCredits">The same in the provider's credits; null when not known.</param>
/// <param name="PriceRange">The list prices of all its clips; null when not known.</param>
/// <param name="PriceDate">The day of the prices.</param>
/// <param name="EndsOn">The announced end; null when there is none.</param>
/// <param name="Successor">The model to use instead when this one has ended.</param>
/// <param name="HasEnded">Whether the announced end has passed.</param>
/// <param name="Aliases">Other names that the provider takes for it.</param>
/// <param name="Note">What to know about it.</param>
/// <param name="Source">Where the rules are from.</param>
/// <param name="ReadOn">The day on which the source was read.</param>
public sealed record OmniModel(
    string Provider, string Model, bool IsDefault, bool IsReady, IReadOnlyList<string> Can,
    IReadOnlyList<int>? Durations, IReadOnlyList<string>? AspectRatios, IReadOnlyList<string>? Resolutions,
    int MaxImages, int MaxVideos, IReadOnlyList<string> Options, decimal? EstimatedUsd, decimal? EstimatedCredits,
    string? PriceRange, DateOnly? PriceDate, DateOnly? EndsOn, string? Successor, bool HasEnded,
    IReadOnlyList<string> Aliases, string? Note, string? Source, DateOnly? ReadOn)
{
    private static readonly IReadOnlyDictionary<string, string> Words = new Dictionary<string, string>
    {
        ["text"] = "Text",
        ["images"] = "Image",
        ["first_frame"] = "FirstFrame",
        ["last_frame"] = "LastFrame",
        ["video"] = "Video",
        ["audio"] = "Audio",
        ["extend"] = "Extend",
    };

    /// <summary>All words of <c>-Can</c>.</summary>
    internal static IReadOnlyList<string> CapabilityNames { get; } = [.. ModelCapability.All.Select(ToName)];

    /// <summary>The catalog's word for one of <c>-Can</c>; null when there is none.</summary>
    internal static string? FindCapability(string name)
    {
        var wanted = name.Trim().Replace("_", "", StringComparison.Ordinal);
        return ModelCapability.All.FirstOrDefault(word =>
            ToName(word).Equals(wanted, StringComparison.OrdinalIgnoreCase)
            || word.Replace("_", "", StringComparison.Ordinal).Equals(wanted, StringComparison.OrdinalIgnoreCase));
    }

    // Arrays: in a script, other lists have no last item [-1].
    internal static OmniModel From(ModelInfo info) => new(
        info.Provider, info.Model, info.IsDefault, info.IsReady,
        Can: info.Can.Select(ToName).ToArray(),
        Durations: info.Spec.Durations?.ToArray(),
        AspectRatios: info.Spec.AspectRatios?.ToArray(),
        Resolutions: info.Spec.Resolutions?.ToArray(),
        info.Spec.MaxImages, info.Spec.MaxVideos,
        Options: info.Spec.Options.Keys.ToArray(),
        info.EstimatedUsd,
        EstimatedCredits: info.ProviderCredits,
        info.PriceRange,
        PriceDate: info.Spec.Price?.Date,
        info.Spec.EndsOn, info.Spec.Successor,
        HasEnded: info.End is not null,
        Aliases: info.Spec.Aliases.ToArray(),
        info.Spec.Note, info.Spec.Source, info.Spec.ReadOn);

    private static string ToName(string word) => Words.GetValueOrDefault(word, word);
}
