namespace OmniTools.Catalog;

/// <summary>What one model takes, as its provider prints it. A list that is null is not checked; an empty list means: not taken.</summary>
public sealed record ModelSpec
{
    /// <summary>The model's name on the wire; empty for the rules that hold for models the catalog does not know.</summary>
    public string Name { get; init; } = "";

    /// <summary>Whether a reference can stand for the prompt; otherwise a prompt is always needed.</summary>
    public bool PromptOptional { get; init; }

    /// <summary>Aspect ratios; the first is the default.</summary>
    public IReadOnlyList<string>? AspectRatios { get; init; }

    /// <summary>Durations in seconds; the first is the default.</summary>
    public IReadOnlyList<int>? Durations { get; init; }

    /// <summary>Resolutions in the provider's spelling; the first is the default.</summary>
    public IReadOnlyList<string>? Resolutions { get; init; }

    /// <summary>What the provider takes when none is sent; null where it is not known.</summary>
    public string? DefaultAspectRatio => AspectRatios is [var first, ..] ? first : null;

    /// <summary>What the provider takes when none is sent, in seconds; null where it is not known.</summary>
    public int? DefaultDuration => Durations is [var first, ..] ? first : null;

    /// <summary>What the provider takes when none is sent; null where it is not known.</summary>
    public string? DefaultResolution => Resolutions is [var first, ..] ? first : null;

    /// <summary>How many reference images at most.</summary>
    public int MaxImages { get; init; }

    /// <summary>How many reference videos at most.</summary>
    public int MaxVideos { get; init; }

    /// <summary>Whether it continues an earlier task's video.</summary>
    public bool CanExtend { get; init; }

    /// <summary>Whether a reference video and an earlier task exclude each other.</summary>
    public bool ExtendExcludesVideo { get; init; }

    /// <summary>Whether local images are uploaded to the provider first.</summary>
    public bool UploadImages { get; init; }

    /// <summary>Whether a video may travel inside the request as <c>data:video/…</c>.</summary>
    public bool DataVideo { get; init; }

    /// <summary>The longest reference video, in seconds; null: not checked.</summary>
    public int? MaxVideoSeconds { get; init; }

    /// <summary>Credits for one clip, where the provider prints a figure.</summary>
    public decimal? EstimatedCredits { get; init; }

    /// <summary>Seconds one generation usually takes.</summary>
    public int? TypicalSeconds { get; init; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
