namespace OmniTools.Saving;

/// <summary>Where and how to save.</summary>
public sealed record SaveOptions
{
    /// <summary>
    /// The template used when none is given: date, at most 40 characters of the prompt, last 8 of the id.
    /// </summary>
    public const string DefaultTemplate = FileNameTemplate.Default;

    /// <summary>8 GB: larger than any clip; it ends a malicious stream.</summary>
    public const long DefaultMaximumBytes = 8L * 1024 * 1024 * 1024;

    /// <summary>The folder, absolute; made if missing. No name leads out of it.</summary>
    public required string Folder { get; init; }

    /// <summary>The name template: <c>{key} {prompt} {provider} {model} {date} {id} {index} {ext}</c>.</summary>
    public string Template { get; init; } = DefaultTemplate;

    /// <summary>Whether an existing file of the name is replaced. The default is false: it is kept.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Whether <c>NAME.json</c> is written beside the video. The default is true.</summary>
    public bool Sidecar { get; init; } = true;

    /// <summary>
    /// How long the download may be held while the provider or the result host is unavailable, or refuses a URL that
    /// has not expired, from its first failure on. The default is zero: up to four attempts within seconds.
    /// </summary>
    public TimeSpan HoldFor { get; init; }

    /// <summary>Ends a hold early, as if its time were over. A transfer that is under way is not affected.</summary>
    public CancellationToken EndHold { get; init; }

    /// <summary>The largest file accepted, in bytes. The default is 8 GB.</summary>
    public long MaximumBytes { get; init; } = DefaultMaximumBytes;
}
