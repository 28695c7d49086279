using System.Diagnostics;
using System.Management.Automation;

namespace OmniTools.PowerShell.Pipeline;

/// <summary>One parent bar and a bar per item up to a few, drawn at most four times a second and always taken away again.</summary>
internal sealed class ProgressBoard(Cmdlet cmdlet, string activity)
{
    private const int MaximumChildren = 4;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    // Several cmdlets of one pipeline draw at the same time; an id belongs to one bar.
    private static int lastId = 4600;
    private readonly int id = Interlocked.Add(ref lastId, MaximumChildren + 1) - MaximumChildren;
    private readonly Dictionary<string, int> slots = [];
    private long drawn;

    /// <summary>Draws, unless it did a moment ago.</summary>
    /// <param name="status">The parent's line.</param>
    /// <param name="percent">The parent's bar, 0 to 100; null: no bar.</param>
    /// <param name="items">Key, line and percentage of every open item.</param>
    /// <param name="secondsLeft">Seconds until everything is through; null: not known.</param>
    public void Draw(string status, int? percent, IEnumerable<(string Key, string Status, int? Percent)> items, int? secondsLeft = null)
    {
        if (drawn != 0 && Stopwatch.GetElapsedTime(drawn) < Pace)
            return;
        drawn = Stopwatch.GetTimestamp();
        cmdlet.WriteProgress(new(id, activity, status) { PercentComplete = percent ?? -1, SecondsRemaining = secondsLeft ?? -1 });
        var shown = items.ToDictionary(item => item.Key);
        foreach (var gone in slots.Keys.Except(shown.Keys).ToList())
            Remove(gone);
        foreach (var key in shown.Keys.Except(slots.Keys).Take(MaximumChildren - slots.Count).ToList())
            slots[key] = Enumerable.Range(id + 1, MaximumChildren).Except(slots.Values).First();
        foreach (var (key, slot) in slots)
            cmdlet.WriteProgress(new(slot, key, shown[key].Status) { ParentActivityId = id, PercentComplete = shown[key].Percent ?? -1 });
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

    private void Remove(string key)
    {
        slots.Remove(key, out var slot);
        cmdlet.WriteProgress(new(slot, key, "Done") { ParentActivityId = id, RecordType = ProgressRecordType.Completed });
    }
}
