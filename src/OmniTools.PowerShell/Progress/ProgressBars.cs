using System.Diagnostics;

namespace OmniTools.PowerShell.Progress;

/// <summary>
/// A parent progress bar and up to four children, drawn at most four times a second and always removed.
/// </summary>
internal sealed class ProgressBars(Cmdlet cmdlet, string activity)
{
    private const int MaximumChildren = 4;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    // Several cmdlets of one pipeline draw at the same time; an id belongs to one bar.
    private static int lastId = 4600;
    private readonly int id = Interlocked.Add(ref lastId, MaximumChildren + 1) - MaximumChildren;
    private readonly Dictionary<string, int> slots = [];
    private long drawn;

    /// <summary>Draws, unless it did a moment ago.</summary>
    /// <param name="parent">The parent's bar; its key is not shown.</param>
    /// <param name="items">A bar for every open item, of which the first few are shown.</param>
    public void Draw(ProgressLine parent, IEnumerable<ProgressLine> items)
    {
        if (drawn != 0 && Stopwatch.GetElapsedTime(drawn) < Pace)
            return;
        drawn = Stopwatch.GetTimestamp();
        cmdlet.WriteProgress(Record(id, activity, parent));
        // Files in several folders may have one name.
        var shown = items.DistinctBy(item => item.Key).ToDictionary(item => item.Key);
        foreach (var gone in slots.Keys.Except(shown.Keys).ToList())
            Remove(gone);
        foreach (var key in shown.Keys.Except(slots.Keys).Take(MaximumChildren - slots.Count).ToList())
            slots[key] = Enumerable.Range(id + 1, MaximumChildren).Except(slots.Values).First();
        foreach (var (key, slot) in slots)
        {
            var child = Record(slot, key, shown[key]);
            child.ParentActivityId = id;
            cmdlet.WriteProgress(child);
        }
    }

    /// <summary>Takes every bar away.</summary>
    public void Complete()
    {
        foreach (var key in slots.Keys.ToList())
            Remove(key);
        if (drawn != 0)
            cmdlet.WriteProgress(new(id, activity, "Done") { RecordType = ProgressRecordType.Completed });
        drawn = 0;
    }

    private static ProgressRecord Record(int id, string activity, ProgressLine line) =>
        new(id, activity, line.Status)
        {
            PercentComplete = line.Percent ?? -1,
            SecondsRemaining = line.SecondsLeft ?? -1,
        };

    private void Remove(string key)
    {
        slots.Remove(key, out var slot);
        cmdlet.WriteProgress(
            new(slot, key, "Done") { ParentActivityId = id, RecordType = ProgressRecordType.Completed });
    }
}
