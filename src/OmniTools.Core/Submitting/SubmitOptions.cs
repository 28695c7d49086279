namespace OmniTools.Submitting;

/// <summary>What a caller says about one submission beyond its content.</summary>
public sealed record SubmitOptions
{
    /// <summary>That the same content is meant again although an earlier submission of it is still unsettled.</summary>
    public bool Force { get; init; }
}
