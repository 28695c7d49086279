using OmniTools.Catalog;

namespace OmniTools.PowerShell.Session;

/// <summary>
/// A model in a list. Provider and Model bind to New-OmniVideo by property name; what the model takes is in plural
/// names, which bind to nothing.
/// </summary>
public sealed record OmniModel
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

    /// <summary>The provider's id.</summary>
    public required string Provider { get; init; }

    /// <summary>The model's id.</summary>
    public required string Model { get; init; }

    /// <summary>Whether the provider uses it when no model is named.</summary>
    public bool IsDefault { get; init; }

    /// <summary>Whether the provider has a key, or the sandbox answers.</summary>
    public bool IsReady { get; init; }

    /// <summary>What it can do, in the words of <c>-Can</c>.</summary>
    public required IReadOnlyList<string> Can { get; init; }

    /// <summary>The lengths in seconds; null: not checked. Empty: the model decides.</summary>
    public IReadOnlyList<int>? Durations { get; init; }

    /// <summary>The aspect ratios; null: not checked. Empty: the references decide.</summary>
    public IReadOnlyList<string>? AspectRatios { get; init; }

    /// <summary>The quality tiers; null: not checked. Empty: there is no choice.</summary>
    public IReadOnlyList<string>? Resolutions { get; init; }

    /// <summary>How many reference images at most.</summary>
    public int MaxImages { get; init; }

    /// <summary>How many reference videos at most.</summary>
    public int MaxVideos { get; init; }

    /// <summary>The options that it takes.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>The most that the clip asked for can cost, in US dollars; null when not known.</summary>
    public decimal? EstimatedUsd { get; init; }

    /// <summary>The same in the provider's credits; null when not known.</summary>
    public decimal? EstimatedCredits { get; init; }

    /// <summary>The list prices of all its clips; null when not known.</summary>
    public string? PriceRange { get; init; }

    /// <summary>The day of the prices.</summary>
    public DateOnly? PriceDate { get; init; }

    /// <summary>The announced end; null when there is none.</summary>
    public DateOnly? EndsOn { get; init; }

    /// <summary>The model to use instead when this one has ended.</summary>
    public string? Successor { get; init; }

    /// <summary>Whether the announced end has passed.</summary>
    public bool HasEnded { get; init; }

    /// <summary>Other names that the provider takes for it.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>What to know about it.</summary>
    public string? Note { get; init; }

    /// <summary>Where the rules are from.</summary>
    public string? Source { get; init; }

    /// <summary>The day on which the source was read.</summary>
    public DateOnly? ReadOn { get; init; }

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

    internal static OmniModel From(ModelInfo info) => new()
    {
        Provider = info.Provider,
        Model = info.Model,
        IsDefault = info.IsDefault,
        IsReady = info.IsReady,
        // Arrays: in a script, other lists have no last item [-1].
        Can = info.Can.Select(ToName).ToArray(),
        Durations = info.Spec.Durations?.ToArray(),
        AspectRatios = info.Spec.AspectRatios?.ToArray(),
        Resolutions = info.Spec.Resolutions?.ToArray(),
        MaxImages = info.Spec.MaxImages,
        MaxVideos = info.Spec.MaxVideos,
        Options = info.Spec.Options.Keys.ToArray(),
        EstimatedUsd = info.EstimatedUsd,
        EstimatedCredits = info.ProviderCredits,
        PriceRange = info.PriceRange,
        PriceDate = info.Spec.Price?.Date,
        EndsOn = info.Spec.EndsOn,
        Successor = info.Spec.Successor,
        HasEnded = info.End is not null,
        Aliases = info.Spec.Aliases.ToArray(),
        Note = info.Spec.Note,
        Source = info.Spec.Source,
        ReadOn = info.Spec.ReadOn,
    };

    private static string ToName(string word) => Words.GetValueOrDefault(word, word);
}
