using OmniTools.Saving;

namespace OmniTools.PowerShell.Progress;

/// <summary>
/// The progress of downloads: size, rate and time left. Bytes that were already on disk do not count for the rate.
/// </summary>
internal sealed class DownloadProgress
{
    private readonly Dictionary<string, SaveProgress> open = [];
    private long transferred;
    private TimeSpan? first;
    private TimeSpan last;

    /// <summary>Whether there is one.</summary>
    public bool Any => open.Count > 0;

    /// <summary>Bytes a second since the first report; 0 until there is a rate.</summary>
    public double Rate => first is { } begun && last > begun ? transferred / (last - begun).TotalSeconds : 0;

    /// <summary>Seconds until all that is open is through; null while a size or the rate is not known.</summary>
    private int? SecondsLeft =>
        Left is { } left && Rate > 0 ? (int)Math.Min(Math.Ceiling(left / Rate), int.MaxValue) : null;

    /// <summary>How much of what is open is there, 0 to 100; null while a size is not known.</summary>
    private int? Percent =>
        Left is { } left && open.Count > 0 && left + open.Values.Sum(transfer => transfer.Received) is var all and > 0
            ? (int)(100 * (all - left) / all)
            : null;

    /// <summary>The parent bar; the host adds the seconds left to its line.</summary>
    public ProgressLine Summary =>
        new("", Rate > 0 ? $"{open.Count} in transfer, {Size(Rate)}/s" : $"{open.Count} in transfer", Percent,
            SecondsLeft);

    /// <summary>A bar for every file.</summary>
    public IEnumerable<ProgressLine> Lines => open.Values.Select(transfer => new ProgressLine(
        Path.GetFileName(transfer.Path),
        transfer.Total is { } total ? $"{Size(transfer.Received)} of {Size(total)}" : Size(transfer.Received),
        transfer.Total is { } all and > 0 ? (int?)Math.Min(100, 100 * transfer.Received / all) : null));

    private long? Left =>
        open.Values.Any(transfer => transfer.Total is null)
            ? null
            : open.Values.Sum(transfer => Math.Max(0, transfer.Total!.Value - transfer.Received));

    /// <summary>Takes a report; <paramref name="at"/> is the time since any fixed moment.</summary>
    public void Report(SaveProgress progress, TimeSpan at)
    {
        first ??= at;
        last = at;
        if (open.TryGetValue(progress.Path, out var before))
            transferred += Math.Max(0, progress.Received - before.Received);
        open[progress.Path] = progress;
    }

    /// <summary>Forgets a file that is there.</summary>
    public void End(string path) => open.Remove(path);

    private static string Size(double bytes) =>
        FormattableString.Invariant(
            bytes < 1 << 20 ? (FormattableString)$"{bytes / 1024:0.#} KB" : $"{bytes / 1048576:0.#} MB");
}
