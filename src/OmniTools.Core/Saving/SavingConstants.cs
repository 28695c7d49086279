namespace OmniTools.Saving;

/// <summary>The numbers of this folder.</summary>
internal static class SavingConstants
{
    /// <summary>How long a download may receive nothing before it is ended and resumed.</summary>
    public static readonly TimeSpan NoProgressTimeout = TimeSpan.FromSeconds(30);

    /// <summary>How long a save waits for another one of the same video that writes nothing.</summary>
    public static readonly TimeSpan BusyTimeout = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long a finished file may be held by others before it is taken for one that cannot be read.
    /// </summary>
    public static readonly TimeSpan HeldTimeout = TimeSpan.FromSeconds(2);

    /// <summary>The size of a read: large enough that its cost is that of its bytes.</summary>
    public const int BufferBytes = 256 * 1024;

    /// <summary>How many bytes must arrive before anything is written: enough to recognize an MP4.</summary>
    public const int HeadBytes = 16;

    /// <summary>
    /// An attempt that received so many bytes before it broke is not a failure; a host that sends a byte at a time is.
    /// </summary>
    public const int ProgressBytes = 64 * 1024;

    /// <summary>
    /// Attempts that receive something, but less than <see cref="ProgressBytes"/>, before they count as failures.
    /// </summary>
    public const int MaximumSlowAttempts = 32;

    /// <summary>
    /// A video is lost when its URL is refused for so long, the provider gives no other and does not say when it
    /// expires. Result hosts refuse URLs for seconds while they copy a file.
    /// </summary>
    public static readonly TimeSpan RefusedUntilLost = TimeSpan.FromMinutes(5);

    /// <summary>Redirects that are followed.</summary>
    public const int MaximumRedirects = 5;

    /// <summary>
    /// The longest name without extension, in UTF-8 bytes: file systems take 255, less what is appended at most
    /// (<c>-99999.mp4.part.json.abcdef.new</c>).
    /// </summary>
    public const int MaximumStemBytes = 220;

    /// <summary>The longest slug of a prompt, in characters.</summary>
    public const int MaximumSlug = 40;

    /// <summary>The most files of one name, numbered, before saving under it is refused.</summary>
    public const int MaximumNumber = 99_999;

    /// <summary>How many digits that number has.</summary>
    public const int MaximumNumberDigits = 5;

    /// <summary>How many characters of a task id make short names distinct, from its end.</summary>
    public const int ShortId = 8;

    /// <summary>The token for them.</summary>
    public const string ShortIdToken = "id:8";
}
