namespace OmniTools.Catalog;

/// <summary>
/// One model: what it takes, what it is called on the wire, what it costs. A field that is null is not taken.
/// </summary>
public sealed record ModelSpec
{
    /// <summary>
    /// The model's name on the wire; empty for the rules that hold for models the catalog does not know.
    /// </summary>
    public string Id { get; init => field = value ?? ""; } = "";

    /// <summary>Other names that the provider takes for it. The <see cref="Id"/> is sent.</summary>
    public IReadOnlyList<string> Aliases { get; init => field = value ?? []; } = [];

    /// <summary>The family, for example <c>kling</c>.</summary>
    public string? Family { get; init; }

    /// <summary>The announced end; null when there is none.</summary>
    public DateOnly? EndsOn { get; init; }

    /// <summary>The model to use instead when this one has ended.</summary>
    public string? Successor { get; init; }

    /// <summary>Where the rules are from.</summary>
    public string? Source { get; init; }

    /// <summary>The day on which <see cref="Source"/> was read.</summary>
    public DateOnly? ReadOn { get; init; }

    /// <summary>A note for users.</summary>
    public string? Note { get; init; }

    /// <summary>The prompt.</summary>
    public TextField? Prompt { get; init; }

    /// <summary>What must not be in the clip.</summary>
    public TextField? NegativePrompt { get; init; }

    /// <summary>The length in seconds.</summary>
    public NumberField? Duration { get; init; }

    /// <summary>The aspect ratio.</summary>
    public ChoiceField? AspectRatio { get; init; }

    /// <summary>The quality tier.</summary>
    public ChoiceField? Resolution { get; init; }

    /// <summary>Reference images.</summary>
    public MediaField? Images { get; init; }

    /// <summary>The image that the clip begins with.</summary>
    public MediaField? FirstFrame { get; init; }

    /// <summary>The image that the clip ends with.</summary>
    public MediaField? LastFrame { get; init; }

    /// <summary>Reference videos.</summary>
    public MediaField? Videos { get; init; }

    /// <summary>Whether the clip has sound.</summary>
    public FlagField? Audio { get; init; }

    /// <summary>The seed.</summary>
    public NumberField? Seed { get; init; }

    /// <summary>The task that the clip continues.</summary>
    public TextField? Extend { get; init; }

    /// <summary>What else it takes, by its path in the request's JSON.</summary>
    public IReadOnlyDictionary<string, OptionField> Options
    {
        get; init =>
        field = value ?? new Dictionary<string, OptionField>();
    } = new Dictionary<string, OptionField>();

    /// <summary>Fields that have to be given.</summary>
    public IReadOnlyList<string> Required { get; init => field = value ?? []; } = [];

    /// <summary>Fields of which at least one has to be given.</summary>
    public IReadOnlyList<string> AnyOf { get; init => field = value ?? []; } = [];

    /// <summary>The rules for some requests only.</summary>
    public IReadOnlyList<ModelRule> Rules { get; init => field = value ?? []; } = [];

    /// <summary>What clips cost; null: not known.</summary>
    public PriceTable? Price { get; init; }

    /// <summary>Seconds one generation usually takes.</summary>
    public int? TypicalSeconds { get; init; }

    /// <summary>The aspect ratios; null: not checked. Empty: none can be chosen.</summary>
    public IReadOnlyList<string>? AspectRatios => AspectRatio is { } ratio ? ratio.Values : [];

    /// <summary>The lengths in seconds; null: not checked. Empty: none can be chosen.</summary>
    public IReadOnlyList<int>? Durations => Duration switch
    {
        null => [],
        { Values: { } values } => [.. values.Select(value => (int)value)],
        { Min: { } least, Max: { } most } => [.. Enumerable.Range((int)least, (int)(most - least + 1))],
        _ => null,
    };

    /// <summary>The resolutions; null: not checked. Empty: none can be chosen.</summary>
    public IReadOnlyList<string>? Resolutions => Resolution is { } tier ? tier.Values : [];

    /// <summary>How many reference images at most.</summary>
    public int MaxImages => Images is { } images ? images.Counts?.Max() ?? images.Max : 0;

    /// <summary>How many reference videos at most.</summary>
    public int MaxVideos => Videos is { } videos ? videos.Counts?.Max() ?? videos.Max : 0;

    /// <summary>Whether it continues an earlier task's video.</summary>
    public bool CanExtend => Extend is not null;

    /// <summary>What the model can do, in the words of <see cref="ModelCapability"/>.</summary>
    public IReadOnlyList<string> Capabilities => ModelCapability.Of(this);

    /// <summary>The id.</summary>
    public override string ToString() => Id;

    /// <summary>The field of a name used in rules; null when the model does not take it.</summary>
    internal object? FindField(string name) => CatalogFields.Find(name)?.FindSpec(this);
}
