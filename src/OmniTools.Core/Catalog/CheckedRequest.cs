using OmniTools.Requests;

namespace OmniTools.Catalog;

/// <summary>A request that the model can do, in the catalog's spelling.</summary>
internal sealed record CheckedRequest(VideoRequest Request, ProviderSpec Provider, ModelSpec Model,
    IReadOnlyList<string> Warnings)
{
    /// <summary>Fields that have no meaning for this request: neither they nor their defaults count.</summary>
    public IReadOnlySet<string> Excluded { get; init; } = new HashSet<string>();

    /// <summary>
    /// The aspect ratio the clip will have: as requested, else the model's default; null where it is not known.
    /// </summary>
    public string? AspectRatio =>
        Request.AspectRatio ?? (IsExcluded("aspect_ratio") ? null : Model.AspectRatio?.Default);

    /// <summary>
    /// The length in seconds: as requested, else the model's default; null where the model decides or it is not known.
    /// </summary>
    public int? Duration =>
        (Request.Duration ?? (IsExcluded("duration") ? null : Model.Duration?.Default)) is { } seconds
        && seconds != Model.Duration?.Auto ? (int)seconds : null;

    /// <summary>The resolution: as requested, else the model's default; null where it is not known.</summary>
    public string? Resolution => Request.Resolution ?? (IsExcluded("resolution") ? null : Model.Resolution?.Default);

    /// <summary>
    /// Whether the clip has sound: as requested, else the model's default; null where it is not known.
    /// </summary>
    public bool? Audio => Request.Audio ?? (IsExcluded("audio") ? null : Model.Audio?.Default);

    private bool IsExcluded(string name) => Excluded.Contains(name);
}
