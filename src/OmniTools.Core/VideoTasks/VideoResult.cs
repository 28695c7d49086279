namespace OmniTools.VideoTasks;

/// <summary>One finished video of a task: a URL that expires, later a file.</summary>
public sealed record VideoResult
{
    /// <summary>Where the provider serves it.</summary>
    public required string Url { get; init; }

    /// <summary>When the URL stops working; null when the provider has not said.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The file it was saved to; null until it is.</summary>
    public string? SavedPath { get; init; }

    /// <summary>
    /// The machine that <see cref="SavedPath"/> is on when it is another one that shares the ledger; null: this one.
    /// </summary>
    public string? SavedOn { get; init; }

    /// <summary>The saved file's SHA-256, lower-case hexadecimal.</summary>
    public string? Sha256 { get; init; }

    /// <summary>
    /// Whether the file it was saved to exists now. A file of another machine is not looked at and counts as there.
    /// </summary>
    public bool HasFile => SavedPath is not null && (SavedOn is not null || File.Exists(SavedPath));

    /// <summary>Where it is: the file, else the URL.</summary>
    public override string ToString() => SavedPath ?? Url;
}
