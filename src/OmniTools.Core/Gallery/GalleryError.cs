namespace OmniTools.Gallery;

/// <summary>Why a clip failed, as the page shows it.</summary>
internal sealed record GalleryError
{
    /// <summary>What happened.</summary>
    public required string Message { get; init; }

    /// <summary>Whether it was billed: <c>no</c>, <c>yes</c> or <c>unknown</c>.</summary>
    public required string Charged { get; init; }
}
