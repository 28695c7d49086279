namespace OmniTools.Gallery;

/// <summary>What a clip was made from besides its prompt; needed to make it again.</summary>
/// <param name="Images">Reference images: addresses or paths.</param>
/// <param name="Videos">Reference videos.</param>
/// <param name="ExtendFrom">The task that it continues.</param>
internal sealed record GalleryReferences(IReadOnlyList<string>? Images, IReadOnlyList<string>? Videos,
    string? ExtendFrom);
