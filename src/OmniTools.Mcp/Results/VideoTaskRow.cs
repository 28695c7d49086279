namespace OmniTools.Mcp.Results;

/// <summary>
/// A task among several: what identifies it, its state, what it cost and how long it can be saved. No URL.
/// </summary>
internal sealed record VideoTaskRow(
    string? Id, string RequestKey, string? Provider, string Status, int? Progress, string? Prompt,
    DateTimeOffset? CreatedAt, decimal? Credits, DateTimeOffset? ExpiresAt, string? SavedPath,
    VideoTaskErrorResult? Error, bool? IsSandbox)
{
    private const int LongestPrompt = 80;

    public static VideoTaskRow From(VideoTask task) => FromMany(task) with
    {
        Provider = task.Provider,
        Prompt = Truncate(task.Prompt, LongestPrompt),
        CreatedAt = TruncateToSeconds(task.CreatedAt),
        Credits = task.Credits,
        SavedPath = task.SavedPath,
        Error = VideoTaskErrorResult.From(task),
        IsSandbox = task.IsSandbox ? true : null,
    };

    /// <summary>A row among so many that each has to be short.</summary>
    public static VideoTaskRow FromMany(VideoTask task) => new(
        task.Id, task.RequestKey, Provider: null, task.Status.ToWireName(),
        task.Status.IsTerminal() ? null : task.Progress, Prompt: null, CreatedAt: null, Credits: null,
        task.ExpiresAt, SavedPath: null, VideoTaskErrorResult.From(task, isShort: true), IsSandbox: null);

    /// <summary>The first characters of a text; null for none.</summary>
    public static string? Truncate(string? text, int length) =>
        length == 0 || text is null ? null : ProviderText.Shorten(text, length);

    public static DateTimeOffset TruncateToSeconds(DateTimeOffset time) =>
        DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
}
