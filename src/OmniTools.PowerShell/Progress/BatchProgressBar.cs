using System.Diagnostics;
using System.Globalization;
using OmniTools.Batches;

namespace OmniTools.PowerShell.Progress;

/// <summary>The one bar of a batch: counts, money, rate and time left.</summary>
internal sealed class BatchProgressBar
{
    private readonly long began = Stopwatch.GetTimestamp();
    private BatchProgress? first;
    private BatchProgress? latest;

    /// <summary>Takes the latest counts; callable from any thread.</summary>
    public void Set(BatchProgress progress)
    {
        first ??= progress;
        latest = progress;
    }

    /// <summary>What is shown now; null before anything is known.</summary>
    public ProgressLine? Line
    {
        get
        {
            if (latest is not { } now || first is not { } start)
                return null;
            var done = now.Saved + now.Failed + now.Invalid;
            var perSecond =
                (done - start.Saved - start.Failed - start.Invalid) / Stopwatch.GetElapsedTime(began).TotalSeconds;
            var left = perSecond > 0 ? (int?)((now.Rows - done) / perSecond) : null;
            var text = string.Create(CultureInfo.InvariantCulture,
                $"{now.Saved} of {now.Rows} saved, {now.ToSubmit} to submit, {now.Running} running, "
                + $"{now.ToDownload} to save, {now.Failed} failed · ${now.Usd:0.00} · {perSecond * 60:0.#} a minute");
            return new("batch", text, 100 * done / Math.Max(1, now.Rows), left);
        }
    }
}
